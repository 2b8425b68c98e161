import { STATUS_CODES } from 'node:http';
import { JSON_TYPE, jsonAnswer, type ServerProtocol } from './server-protocol.ts';

/** A row is an object, and so is its answer; several are in lists. */
export const jsonObjects: ServerProtocol = {
  mediaTypes: [JSON_TYPE],
  read: ({ body }) => (Array.isArray(body) ? body : [body]),
  write: (values, { output }, { body }) => {
    const answers = values.map((value) => ({ [output]: value }));
    return jsonAnswer(Array.isArray(body) ? answers : answers[0]);
  },
  // As Fastify has it.
  refuse: ({ status, message, headers }) =>
    jsonAnswer({ statusCode: status, error: STATUS_CODES[status], message }, status, headers),
};
