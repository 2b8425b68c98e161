import type { ServerResponse } from 'node:http';

/** A wrong answer of an endpoint, or no answer. */
interface Fault {
  description: string;
  /** Answers a request instead of the endpoint. */
  answer: (response: ServerResponse, settings: FaultSettings) => void;
}

export interface FaultSettings {
  /** The `Retry-After` of 429 and 503. */
  retryAfterSeconds: number;
}

const HUGE_BYTES = 8 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** An address with a secret, which messages must not repeat. */
const ELSEWHERE = '/elsewhere?token=secret';

/** All faults that are wrong answers or none, by name. The faults `slow` and `down` are handled elsewhere. */
export const FAULTS = {
  500: plain(500, '500', 'the model crashed'),
  503: { description: '503 with Retry-After in seconds', answer: (to, settings) => refuse(to, 503, seconds(settings)) },
  429: { description: '429 with Retry-After in seconds', answer: (to, settings) => refuse(to, 429, seconds(settings)) },
  '429-date': {
    description: '429 with Retry-After as an HTTP date',
    answer: (to, settings) => refuse(to, 429, httpDate(settings)),
  },
  401: plain(401, '401', 'who are you?'),
  404: plain(404, '404', 'no such page'),
  422: plain(422, '422', 'a feature is out of range'),
  301: redirect(301, ELSEWHERE),
  302: redirect(302, ELSEWHERE),
  307: redirect(307, `http://user:password@elsewhere.invalid${ELSEWHERE}`),
  204: { description: '204 No Content', answer: (response) => response.writeHead(204).end() },
  reset: { description: 'the connection is reset', answer: (response) => response.socket?.resetAndDestroy() },
  half: { description: 'the connection ends in the middle of the body', answer: halfABody },
  hang: { description: 'no answer, ever', answer: () => undefined },
  'no-json': plain(200, '200 with a page of HTML', '<html><body>It works!</body></html>'),
  types: plain(200, '200 with a word as prediction, and a number as offer', '{"prediction":"high","offer":12}'),
  nan: plain(200, '200 with a bare NaN, which is no JSON', '{"prediction":NaN,"offer":NaN}'),
  null: plain(200, '200 with null', '{"prediction":null,"offer":null}'),
  error: plain(200, '200 with an error in the body', '{"error":"model not loaded"}'),
  empty: plain(200, '200 with an empty body', ''),
  huge: plain(200, '200 with 8 MB', 'x'.repeat(HUGE_BYTES)),
  endless: { description: '200 with a body that does not end', answer: endless },
} satisfies Record<string, Fault>;

export type FaultName = `${keyof typeof FAULTS}`;

/** Whether a name is one of `FAULTS`. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function plain(status: number, description: string, body: string): Fault {
  return {
    description,
    answer: (response) =>
      response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/html' }).end(body),
  };
}

function redirect(status: number, location: string): Fault {
  return {
    description: `${status} to ${location.startsWith('/') ? 'another path' : 'another host'}`,
    answer: (response) => response.writeHead(status, { location }).end(),
  };
}

function refuse(response: ServerResponse, status: number, retryAfter: string): void {
  response.writeHead(status, { 'retry-after': retryAfter }).end('not now');
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
