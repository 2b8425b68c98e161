import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startSecrets } from '../../../../local/endpoints/secrets.ts';
import { startEndpoints } from '../../../../local/endpoints/stack-endpoints.ts';
import { guard } from '../../../../local/process/guard.ts';
import { portOf } from '../../../../local/process/ports.ts';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { type Sent, send, signed } from '../s3/sent.ts';

/** A server of the stack, and a request that it takes from whoever may reach it. */
interface Door {
  address: string;
  request: Sent;
  ok: RegExp;
}

const bucket = useTestBucket();
let doors: Record<string, Door>;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  await bucket.put('members.json', 'of members');
  const endpoints = await startEndpoints({
    port: 0,
    purpose: 'the reference endpoints',
    option: 'endpointsPort',
    variable: 'ENDPOINTS_PORT',
  });
  const secrets = await startSecrets('{"ats": {}}');
  closers.push(endpoints.stop, secrets.close);
  const { endpoint } = bucket.s3;
  const offer = JSON.stringify({ ats_prediction: 1000, resp_prediction: 0.2 });
  const json = { 'content-type': 'application/json' };
  const asked = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
  doors = {
    S3: {
      address: endpoint,
      request: await signed(bucket.client, endpoint, { path: `/${Bucket}/members.json` }),
      ok: /^of members$/,
    },
    'the reference endpoints': {
      address: endpoints.addresses.offer,
      request: { method: 'POST', path: '/offer/assign', headers: json, body: offer },
      ok: /OFFER_2/,
    },
    'the Secrets Manager': {
      address: secrets.endpoint,
      request: { method: 'POST', headers: asked, body: JSON.stringify({ SecretId: secrets.reference }) },
      ok: /SecretString/,
    },
  };
});
afterAll(() => Promise.all(closers.map((close) => close())));

/** The request of a door, with other headers. */
function ask(name: string, headers: Record<string, string> = {}) {
  const door = doors[name];
  if (door === undefined) throw new Error(`there is no ${name}`);
  return send(door.address, { ...door.request, headers: { ...door.request.headers, ...headers } });
}

function portAt(name: string): string {
  return new URL(doors[name]?.address ?? '').port;
}

describe.each(['S3', 'the reference endpoints', 'the Secrets Manager'])('%s', (name) => {
  it('answers programs on this machine', async () => {
    const { status, body } = await ask(name);
    expect({ status, body }).toEqual({ status: 200, body: expect.stringMatching(doors[name]?.ok ?? '') });
  });

  it.each([
    ['to a name that leads here', (port: string) => ({ host: `attacker.example:${port}` })],
    ['to such a name without a port', () => ({ host: 'attacker.example' })],
    ['to a name below localhost', (port: string) => ({ host: `members.localhost:${port}` })],
    ['to another port', () => ({ host: '127.0.0.1:80' })],
    ['to no port', () => ({ host: 'localhost' })],
    ['of a page of elsewhere', () => ({ origin: 'https://attacker.example' })],
    ['of a page that does not say whose it is', () => ({ origin: 'null' })],
    ['of a page of another server of this machine', () => ({ origin: 'http://localhost:3000' })],
    ['of a page of elsewhere that names no origin', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['of a page of another port that names no origin', () => ({ 'sec-fetch-site': 'same-site' })],
  ])('refuses a request %s', async (_, headersAt) => {
    const { status, headers, body } = await ask(name, headersAt(portAt(name)));
    expect(status).toBe(403);
    expect(body).toMatch(/^This server answers only programs on this machine, not web pages from elsewhere: /);
    expect(Object.keys(headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
  });

  it('lets no page of elsewhere ask whether it may', async () => {
    const headers = { origin: 'https://attacker.example', 'access-control-request-method': 'PUT' };
    const answer = await send(doors[name]?.address ?? '', { method: 'OPTIONS', path: `/${Bucket}/a`, headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a server of this machine', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('is reached by the name %s', async (host) => {
    const name = 'the reference endpoints';
    expect((await ask(name, { host: `${host}:${portAt(name)}` })).status).toBe(200);
  });

  it('may be asked by its own pages, and by who types its address', async () => {
    const name = 'the reference endpoints';
    const origin = `http://127.0.0.1:${portAt(name)}`;
    expect((await ask(name, { origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask(name, { 'sec-fetch-site': 'none' })).status).toBe(200);
  });

  it('refuses pages of elsewhere in whatever way they come', async () => {
    const seen: string[] = [];
    const server = createServer(() => seen.push('request'));
    server.on('checkContinue', () => seen.push('checkContinue'));
    server.on('upgrade', (_, socket) => {
      seen.push('upgrade');
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    guard(server).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    const say = async (...lines: string[]) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'));
      return (await text(socket)).split('\r\n')[0];
    };
    const foreign = ['Origin: https://attacker.example', `Host: 127.0.0.1:${port}`];
    const socket = ['Connection: Upgrade', 'Upgrade: websocket'];
    expect(await say(...foreign)).toBe('HTTP/1.1 403 Forbidden');
    expect(await say(...foreign, 'Expect: 100-continue')).toBe('HTTP/1.1 403 Forbidden');
    expect(await say(...foreign, ...socket)).toBe('HTTP/1.1 403 Forbidden');
    expect(seen).toEqual([]);
    expect(await say(`Host: 127.0.0.1:${port}`, ...socket)).toBe('HTTP/1.1 101 Switching Protocols');
    expect(seen).toEqual(['upgrade']);
    server.close();
  });
});
