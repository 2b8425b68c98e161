import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Pool } from 'undici';
import { HttpClient } from '../../../lib/endpoints/http-client.ts';

let server: Server;
let pool: Pool;
let requests: string[];

/** A server that answers every request with these bytes. */
async function answering(bytes: string): Promise<HttpClient> {
  requests = [];
  server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      requests.push(String(chunk));
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pool = new Pool(origin, { connections: 1 });
  return new HttpClient(pool, origin);
}

afterEach(async () => {
  await pool.destroy();
  server.close();
});

const REQUEST = {
  path: '/predict?v=1',
  headers: { 'x-api-key': 'k' },
  body: '{"a":1}',
  timeoutMs: 2_000,
  maxBytes: 64 * 1024,
};
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 17\r\n\r\n{"prediction": 7}';
const UNASKED = 'HTTP/1.1 100 Continue\r\n\r\n';

describe('the way to a server', () => {
  it('that sends 100 Continue unasked passes over it, and knows from then on', async () => {
    const client = await answering(`${UNASKED}${ANSWER}`);
    for (let times = 0; times < 3; times++) {
      const { status, headers, body } = await client.post(REQUEST);
      expect({ status, type: headers['content-type'], body: body.toString() }).toEqual({
        status: 200,
        type: 'application/json',
        body: '{"prediction": 7}',
      });
    }
    expect(requests).toHaveLength(4);
    expect(requests.every((request) => request.startsWith('POST /predict?v=1 HTTP/1.1\r\n'))).toBe(true);
    expect(requests.every((request) => /x-api-key: k/i.test(request) && request.endsWith('{"a":1}'))).toBe(true);
  });

  it('is the same whatever the path begins with: two slashes name no other host', async () => {
    const client = await answering(`${UNASKED}${ANSWER}`);
    const { status } = await client.post({ ...REQUEST, path: '//elsewhere.invalid/predict' });
    expect(status).toBe(200);
    expect(requests.map((request) => request.split('\r\n')[0])).toEqual(
      Array(2).fill('POST //elsewhere.invalid/predict HTTP/1.1'),
    );
  });

  it('is one by TLS when its address says so', async () => {
    await answering(`${UNASKED}${ANSWER}`);
    const client = new HttpClient(pool, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    // What answers here does not speak TLS.
    await expect(client.post(REQUEST)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(/SSL|TLS/i) }),
    );
  });

  it('that then answers as much as an answer can be is read to the end', async () => {
    const body = 'x'.repeat(64 * 1024);
    const client = await answering(`${UNASKED}HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect((await client.post(REQUEST)).body.toString()).toBe(body);
  });

  it('that then answers nothing ends with the time for it', async () => {
    const client = await answering(UNASKED);
    await expect(client.post({ ...REQUEST, timeoutMs: 100 })).rejects.toThrow(
      expect.objectContaining({ name: expect.stringMatching(/Timeout/) }),
    );
  });

  it('that then answers without end is left', async () => {
    const client = await answering(`${UNASKED}HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(100_000)}`);
    await expect(client.post(REQUEST)).rejects.toThrow(expect.objectContaining({ name: 'AnswerTooLargeError' }));
  });
});
