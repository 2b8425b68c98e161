import * as z from 'zod';
import { csvRows } from './csv-rows.ts';
import { instances } from './instances.ts';
import { rowOf } from './rows.ts';
import { RefusedRequest, readAs, type ScoringService } from './scoring-service.ts';
import {
  CSV_TYPE,
  JSON_LINES_TYPE,
  JSON_TYPE,
  jsonAnswer,
  type ServedAnswer,
  type ServedRequest,
  type ServerProtocol,
} from './server-protocol.ts';

/** What the platform answers itself, instead of handing on what the container has answered. */
const OF_PLATFORM = new Map([
  [401, { status: 403, type: 'UnrecognizedClientException' }],
  [403, { status: 403, type: 'AccessDeniedException' }],
  [404, { status: 400, type: 'ValidationError' }],
  [429, { status: 400, type: 'ThrottlingException' }],
]);

/**
 * As InvokeEndpoint of SageMaker answers, with a container that reads rows as CSV without a header, as `instances` or as
 * JSON Lines. Signatures are not looked at.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export const sagemaker: ServerProtocol = {
  mediaTypes: [CSV_TYPE, JSON_TYPE, JSON_LINES_TYPE],
  read: (received, service) => {
    if (received.mediaType === CSV_TYPE) return csvRows(received.body, service.inputs);
    if (received.mediaType === JSON_TYPE) return instances.read(received, service);
    return rowsOfLines(received.body, service);
  },
  write: (values, _service, received) => {
    const type = typeOfAnswer(received);
    if (type === JSON_TYPE) return jsonAnswer({ predictions: values });
    const lines = type === CSV_TYPE ? values.map(String) : values.map((value) => JSON.stringify(value));
    return { status: 200, headers: { 'content-type': type }, body: `${lines.join('\n')}\n` };
  },
  // A Retry-After of the container does not reach the caller.
  refuse: ({ status, message }) => {
    const known = OF_PLATFORM.get(status);
    if (known === undefined) return modelError(status, message);
    return awsError(known.status, known.type, { Message: status === 404 ? `Endpoint not found: ${message}` : message });
  },
};

function typeOfAnswer({ mediaType, accept }: ServedRequest): string {
  return [JSON_TYPE, CSV_TYPE, JSON_LINES_TYPE].find((type) => accept.includes(type)) ?? mediaType;
}

function rowsOfLines(body: unknown, service: ScoringService): unknown[] {
  const lines = readAs(z.string(), body)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => rowOf(jsonIn(line), service));
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RefusedRequest('a line is no JSON');
  }
}

/** An error of the container. A container does not answer 424 itself: it has refused the request. */
function modelError(status: number, message: string): ServedAnswer {
  const original = status === 424 ? 400 : status;
  const side = original < 500 ? 'client' : 'server';
  return awsError(424, 'ModelError', {
    ErrorCode: `${side.toUpperCase()}_ERROR_FROM_MODEL`,
    Message: `Received ${side} error (${original}) from primary with message "${message}".`,
    OriginalMessage: message,
    OriginalStatusCode: original,
  });
}

function awsError(status: number, type: string, answer: object): ServedAnswer {
  return jsonAnswer(answer, status, { 'x-amzn-errortype': type });
}
