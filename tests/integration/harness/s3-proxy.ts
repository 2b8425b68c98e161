import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import type { LocalS3 } from '../../../local/s3/server.ts';
import { signed } from '../local/s3/sent.ts';

/** What is answered instead of S3's own answer. */
export interface Refusal {
  status: number;
  code: string;
}

/** Looks at a request on its way to S3; undefined lets it pass. */
export type Refuse = (request: IncomingMessage) => Refusal | undefined;

/** Stands between clients and an S3, and refuses what it is told to. */
export async function startS3Proxy({ endpoint, region, credentials }: LocalS3, refuse: Refuse) {
  const { hostname, port, host } = new URL(endpoint);
  const client = new S3Client({ endpoint, region, credentials });
  const forward = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method, url: path } = incoming;
    // S3 wants to be called by its own name, which is signed.
    const given = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const { headers } = await signed(client, endpoint, {
      method,
      path,
      headers: { ...Object.fromEntries(given), host },
    });
    const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => {
    const refusal = refuse(incoming);
    if (refusal === undefined) return void forward(incoming, response);
    incoming.resume();
    incoming.on('end', () => {
      const body = `<?xml version="1.0"?><Error><Code>${refusal.code}</Code><Message>Please try again</Message></Error>`;
      response.writeHead(refusal.status, { 'content-type': 'application/xml' }).end(body);
    });
  });
  // A connection that is closed under a client costs a request more.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
