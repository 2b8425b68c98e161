import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** A real HTTP server that answers its requests in turn as told, the last answer for all that follow. */
export async function startScriptedServer(...answers: Answer[]) {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const received = { method: request.method, path: request.url, headers: request.headers, body };
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push(received);
      answer?.(response, received);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: (path: string) => new URL(path, `http://127.0.0.1:${port}`),
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>;

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

export function text(body: string, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Ends the connection without an answer. */
export const reset: Answer = (response) => response.destroy();

/** Keeps the client waiting. */
export const silence: Answer = () => undefined;

/** Begins an answer and ends the connection. */
export const halfABody: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"prediction":');
  response.destroy();
};
