import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { S3Client } from '@aws-sdk/client-s3';

/** A request as it goes over the line: `fetch` makes a path shorter and sets `Host` by itself. */
export interface Sent {
  method?: string;
  /** With the query. */
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answered {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Sends a request to the server at an address, whatever it says of itself. */
export async function send(address: string, { method = 'GET', path = '/', headers, body }: Sent): Promise<Answered> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sending = request({ hostname, port, method, path, headers, agent: false }, async (response) => {
      const answered = { status: response.statusCode ?? 0, headers: response.headers };
      resolve({ ...answered, body: await text(response) });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** The request as AWS's own client signs it, for the server at an address. */
export async function signed(client: S3Client, address: string, sent: Sent, signingDate = new Date()): Promise<Sent> {
  const signer = await client.config.signer();
  const { headers } = await signer.sign(unsigned(address, sent), { signingDate });
  return { ...sent, headers };
}

/** The path and query of a presigned address. */
export async function presigned(client: S3Client, address: string, sent: Sent, signingDate = new Date()) {
  const signer = await client.config.signer();
  // As AWS's presigner for S3 has it.
  const headers = { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD', ...sent.headers };
  const request = unsigned(address, { ...sent, headers });
  const { path, query } = await (signer as typeof signer & Presigner).presign(request, { signingDate, expiresIn: 60 });
  return `${path}?${new URLSearchParams(query)}`;
}

interface Presigner {
  presign(request: Unsigned, options: { signingDate: Date; expiresIn: number }): Promise<Unsigned>;
}

type Unsigned = ReturnType<typeof unsigned>;

function unsigned(address: string, { method = 'GET', path = '/', headers = {}, body }: Sent) {
  const { protocol, hostname, port, host } = new URL(address);
  const [before = '', query] = path.split('?');
  return {
    method,
    protocol,
    hostname,
    port: Number(port),
    path: before,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: { host, ...headers },
    body,
  };
}
