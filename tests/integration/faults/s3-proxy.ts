import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered instead of S3's own answer. */
export interface Refusal {
  status: number;
  code: string;
}

/** Looks at a request on its way to S3; undefined lets it pass. */
export type Refuse = (request: IncomingMessage) => Refusal | undefined;

/** Stands between clients and an S3, and refuses what it is told to. */
export async function startS3Proxy(target: string, refuse: Refuse) {
  const { hostname, port } = new URL(target);
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => {
    const refusal = refuse(incoming);
    if (refusal === undefined) return forward(incoming, response);
    incoming.resume();
    incoming.on('end', () => {
      const body = `<?xml version="1.0"?><Error><Code>${refusal.code}</Code><Message>Please try again</Message></Error>`;
      response.writeHead(refusal.status, { 'content-type': 'application/xml' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
