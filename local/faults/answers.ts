import type { ServerResponse } from 'node:http';
import { jsonObjects } from '../../lib/endpoints/reference/json-objects.ts';
import type { Refused, ServerProtocol } from '../../lib/endpoints/reference/server-protocol.ts';

/** A wrong answer of an endpoint, or no answer. */
interface Fault {
  description: string;
  /** Answers a request instead of the endpoint. */
  answer: (response: ServerResponse, situation: Situation) => void;
}

export interface FaultSettings {
  /** The `Retry-After` of 429 and 503. */
  retryAfterSeconds: number;
}

interface Situation extends FaultSettings {
  /** That of the request: errors are in its form, but those of JSON objects, which have none, are plain text. */
  protocol: ServerProtocol;
}

const HUGE_BYTES = 8 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** An address with a secret, which messages must not repeat. */
const ELSEWHERE = '/elsewhere?token=secret';

/** All faults that are wrong answers or none, by name. The faults `slow` and `down` are handled elsewhere. */
export const FAULTS = {
  500: error(500, 'the model crashed'),
  503: { description: '503 with Retry-After in seconds', answer: (to, by) => notNow(to, 503, seconds(by), by) },
  429: { description: '429 with Retry-After in seconds', answer: (to, by) => notNow(to, 429, seconds(by), by) },
  '429-date': {
    description: '429 with Retry-After as an HTTP date',
    answer: (to, by) => notNow(to, 429, httpDate(by), by),
  },
  400: error(400, 'a value cannot be read'),
  401: error(401, 'who are you?'),
  404: error(404, 'no such page'),
  413: error(413, 'the request is too large'),
  422: error(422, 'a feature is out of range'),
  424: error(424, 'the model behind this has refused'),
  301: redirect(301, ELSEWHERE),
  302: redirect(302, ELSEWHERE),
  307: redirect(307, `http://user:password@elsewhere.invalid${ELSEWHERE}`),
  204: { description: '204 No Content', answer: (response) => response.writeHead(204).end() },
  reset: { description: 'the connection is reset', answer: (response) => response.socket?.resetAndDestroy() },
  half: { description: 'the connection ends in the middle of the body', answer: halfABody },
  hang: { description: 'no answer, ever', answer: () => undefined },
  'no-json': plain('200 with a page of HTML', '<html><body>It works!</body></html>'),
  error: plain('200 with an error in the body', '{"error":"model not loaded"}'),
  empty: plain('200 with an empty body', ''),
  huge: plain('200 with 8 MB', 'x'.repeat(HUGE_BYTES)),
  endless: { description: '200 with a body that does not end', answer: endless },
} satisfies Record<string, Fault>;

export type FaultName = `${keyof typeof FAULTS}`;

/** Whether a name is one of `FAULTS`. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function plain(description: string, body: string): Fault {
  return { description, answer: (response) => sendText(response, 200, body) };
}

function error(status: number, message: string): Fault {
  return {
    description: `${status}: ${message}`,
    answer: (response, { protocol }) =>
      protocol === jsonObjects ? sendText(response, status, message) : refuse(response, { status, message }, protocol),
  };
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/html' }).end(body);
}

function refuse(response: ServerResponse, refused: Refused, protocol: ServerProtocol): void {
  const { status, headers, body } = protocol.refuse(refused);
  response.writeHead(status, headers).end(body);
}

function redirect(status: number, location: string): Fault {
  return {
    description: `${status} to ${location.startsWith('/') ? 'another path' : 'another host'}`,
    answer: (response) => response.writeHead(status, { location }).end(),
  };
}

function notNow(response: ServerResponse, status: number, retryAfter: string, { protocol }: Situation): void {
  const headers = { 'retry-after': retryAfter };
  if (protocol === jsonObjects) response.writeHead(status, headers).end('not now');
  else refuse(response, { status, message: 'not now', headers }, protocol);
}

function seconds({ retryAfterSeconds }: FaultSettings): string {
  return String(retryAfterSeconds);
}

function httpDate({ retryAfterSeconds }: FaultSettings): string {
  return new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
}

function halfABody(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"prediction":', () => response.destroy());
}

/** Sends chunks as fast as the client reads them, until it closes the connection. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const pour = (): void => {
    while (!response.destroyed && response.write(CHUNK));
  };
  response.on('drain', pour);
  pour();
}
