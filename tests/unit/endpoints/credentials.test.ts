import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { Credentials } from '../../../lib/endpoints/credentials.ts';
import { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { CallFailedError } from '../../../lib/endpoints/errors.ts';
import { predictionContract } from '../../../lib/endpoints/requests.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import { protocolOf } from '../../../lib/protocols/protocols.ts';
import { now } from '../../../lib/timing/clock.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Where headers are kept, and what happens to them there. */
class Store {
  key = 'key-number-1';
  reads = 0;
  failure: Error | undefined;
  /** Milliseconds. */
  time = 0;
  /** When the headers were read. */
  readonly readAt: number[] = [];
  /** What happens after a reading has looked, and before it ends. */
  afterLook: () => Promise<void> = async () => undefined;
  /** What happens while somebody waits; the time passes then. */
  meanwhile: () => Promise<void> = async () => undefined;

  readonly credentials = new Credentials({
    read: async () => {
      this.reads += 1;
      this.readAt.push(this.time);
      if (this.failure !== undefined) throw this.failure;
      const text = JSON.stringify({ ats: { 'x-api-key': this.key } });
      await this.afterLook();
      return text;
    },
    kept: 'the store',
    endpoints: () => ['ats', 'resp', 'offer'],
    maxAgeMs: 300_000,
    clock: () => this.time,
    delay: async (milliseconds) => {
      await this.meanwhile();
      this.time += milliseconds;
    },
  });
}

/** An endpoint that lets in whoever has one of some keys, and quotes what it refuses. */
async function guarded(store: Store, keys: string[], resilience: Partial<Resilience> = {}) {
  const server: ScriptedServer = await startScriptedServer((response, { headers }) => {
    const key = String(headers['x-api-key']);
    if (keys.includes(key)) response.end('{"prediction": 1}');
    else response.writeHead(401).end(`${key} may not`);
  });
  const url = server.url('/');
  const pool = new Pool(url.origin, { connections: 40 });
  closers.push(server.close, () => pool.destroy());
  const credentials = store.credentials.for('ats');
  const endpoint = new Endpoint({
    id: 'ats',
    label: 'ATS',
    url,
    pool,
    protocol: protocolOf({}),
    contract: predictionContract(),
    credentials,
    resilience: { attempts: 2, baseDelayMs: 1, ...resilience },
  });
  return { endpoint, server };
}

async function failureOf(call: Promise<unknown>): Promise<CallFailedError> {
  return call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );
}

describe('the credentials of an endpoint', () => {
  it('are read before work begins, and sent with every request', async () => {
    const store = new Store();
    const { endpoint, server } = await guarded(store, ['key-number-1']);
    await store.credentials.prepare();
    await endpoint.call({});
    await endpoint.call({});
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['key-number-1', 'key-number-1']);
    expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(store.reads).toBe(1);
  });

  it('are the same object until they change, so that nothing is put together per request', async () => {
    const store = new Store();
    await store.credentials.prepare();
    const ats = store.credentials.for('ats');
    const before = ats.current;
    store.time = 300_000;
    await store.credentials.prepare();
    expect(store.reads).toBe(2);
    expect(ats.current).toBe(before);
  });

  it('are those of that endpoint alone', async () => {
    const store = new Store();
    await store.credentials.prepare();
    expect(store.credentials.for('offer').current).not.toHaveProperty('x-api-key');
  });

  it('are read again for new work once they are five minutes old', async () => {
    const store = new Store();
    await store.credentials.prepare();
    store.key = 'key-number-2';
    store.time = 299_999;
    await store.credentials.prepare();
    expect(store.credentials.for('ats').current).toMatchObject({ 'x-api-key': 'key-number-1' });
    store.time = 300_000;
    await store.credentials.prepare();
    expect(store.credentials.for('ats').current).toMatchObject({ 'x-api-key': 'key-number-2' });
  });

  it('are read again for new work once they are five minutes old, where nothing else is said', async () => {
    let [reads, time] = [0, 0];
    const read = async () => `{"ats": {"x-api-key": "key-${++reads}"}}`;
    const credentials = new Credentials({
      read,
      kept: 'the store',
      endpoints: () => ['ats', 'resp', 'offer'],
      clock: () => time,
    });
    await credentials.prepare();
    time = 299_999;
    await credentials.prepare();
    expect(reads).toBe(1);
    time = 300_000;
    await credentials.prepare();
    expect(reads).toBe(2);
  });

  it('are none before they have been read', () => {
    const { current } = new Store().credentials.for('resp');
    expect(current).toEqual({});
  });

  it('are found to be renewed by all that ask while they are read again', async () => {
    const store = new Store();
    await store.credentials.prepare();
    const ats = store.credentials.for('ats');
    const refused = ats.current;
    store.key = 'key-number-2';
    store.time = 1_000;
    expect(await Promise.all([ats.isRenewed(refused), ats.isRenewed(refused)])).toEqual([true, true]);
    expect(store.reads).toBe(2);
  });

  it('that cannot be read as JSON where they are kept are not quoted by what failed', async () => {
    const store = new Store();
    store.failure = new SyntaxError('Unexpected token h, "hunter2" is not valid JSON');
    await expect(store.credentials.prepare()).rejects.toThrow(
      "the endpoints' headers cannot be read from the store: the answer is not JSON",
    );
  });

  it('are kept when they cannot be read again', async () => {
    const store = new Store();
    await store.credentials.prepare();
    store.failure = new Error('throttled');
    store.time = 300_000;
    await store.credentials.prepare();
    expect(store.credentials.for('ats').current).toMatchObject({ 'x-api-key': 'key-number-1' });
  });

  it('are missed loudly when there have never been any', async () => {
    const store = new Store();
    store.failure = Object.assign(new Error('no such secret'), { name: 'ResourceNotFoundException' });
    await expect(store.credentials.prepare()).rejects.toThrow(
      "the endpoints' headers cannot be read from the store: ResourceNotFoundException: no such secret",
    );
  });

  it('are not quoted when they cannot be used', async () => {
    const read = async () => 'hunter2-hunter2';
    const problem = await new Credentials({ read, kept: 'the store', endpoints: () => ['ats', 'resp', 'offer'] })
      .prepare()
      .catch(String);
    expect(problem).toMatch(/^CredentialsError: the endpoints' headers in the store cannot be used: /);
    expect(problem).not.toMatch(/hunter2/);
  });
});

describe('credentials that are replaced during a run', () => {
  it('cost no call, however many are under way, and no failure that the circuit counts', async () => {
    const store = new Store();
    const { endpoint, server } = await guarded(store, ['key-number-2'], { outageAfter: 5, maxOutageMs: 0 });
    await store.credentials.prepare();
    store.key = 'key-number-2';
    store.time = 1_000;
    const answers = await Promise.all(Array.from({ length: 40 }, () => endpoint.call({})));
    expect(answers.map(({ value }) => value)).toEqual(Array(40).fill(1));
    expect(answers[0]?.attempts).toBe(2);
    expect(store.reads).toBe(2);
    const sent = server.requests.map(({ headers }) => headers['x-api-key']);
    expect(sent.filter((key) => key === 'key-number-2')).toHaveLength(40);
  });

  it('are found again after an endpoint has been given up, by the next batch', async () => {
    const store = new Store();
    const resilience = { outageAfter: 2, maxOutageMs: 600_000, probeAfterMs: 1 };
    const { endpoint } = await guarded(store, ['key-number-2'], resilience);
    await store.credentials.prepare();
    for (let call = 0; call < 5; call++) await failureOf(endpoint.call({}));
    store.key = 'key-number-2';
    store.time = 2_000;
    endpoint.renewWait();
    expect(await endpoint.call({})).toMatchObject({ value: 1 });
  });

  it('right after they were read cost no call either: it waits until they may be read again', async () => {
    const store = new Store();
    const { endpoint } = await guarded(store, ['key-number-2']);
    await store.credentials.prepare();
    store.key = 'key-number-2';
    store.time = 400;
    // A call without a deadline has time for this, and a timer that is too long for Node.js fires earlier.
    store.meanwhile = () => delay(2);
    expect(await endpoint.call({})).toEqual({ value: 1, attempts: 2 });
    expect(store.readAt).toEqual([0, 1_000]);
  });

  it('while calls wait to read them are read once for all of these', async () => {
    const store = new Store();
    await store.credentials.prepare();
    store.time = 400;
    store.meanwhile = async () => {
      store.key = 'key-number-2';
    };
    const ats = store.credentials.for('ats');
    const refused = ats.current;
    const decisions = await Promise.all(Array.from({ length: 10 }, () => ats.isRenewed(refused)));
    expect(decisions).toEqual(Array(10).fill(true));
    expect(store.readAt).toEqual([0, 1_000]);
  });

  it('while they are being read are read again, because the reading may have looked before', async () => {
    const store = new Store();
    await store.credentials.prepare();
    const ats = store.credentials.for('ats');
    const refused = ats.current;
    store.time = 300_000;
    const looked = Promise.withResolvers<void>();
    const ends = Promise.withResolvers<void>();
    store.afterLook = () => {
      looked.resolve();
      return ends.promise;
    };
    const preparing = store.credentials.prepare();
    await looked.promise;
    store.key = 'key-number-2';
    const isRenewed = ats.isRenewed(refused);
    ends.resolve();
    await preparing;
    expect(await isRenewed).toBe(true);
    expect(store.readAt).toEqual([0, 300_000, 301_000]);
  });

  it('twice cost no call either', async () => {
    const store = new Store();
    const keys = ['key-number-2'];
    const { endpoint } = await guarded(store, keys);
    await store.credentials.prepare();
    store.key = 'key-number-2';
    store.time = 1_000;
    store.afterLook = async () => {
      if (store.reads === 2) [keys[0], store.key] = ['key-number-3', 'key-number-3'];
    };
    expect(await endpoint.call({})).toEqual({ value: 1, attempts: 3 });
    expect(store.readAt).toEqual([0, 1_000, 2_000]);
  });

  it('are looked for once a second when there are none, and the call fails with what was answered', async () => {
    const store = new Store();
    const { endpoint, server } = await guarded(store, [], { outageAfter: 1_000, breachAfter: 1_000 });
    await store.credentials.prepare();
    store.time = 1_000;
    const failures = await Promise.all(Array.from({ length: 10 }, () => failureOf(endpoint.call({}))));
    expect(failures.map(({ status, attempts }) => [status, attempts])).toEqual(Array(10).fill([401, 1]));
    expect(failures[0]?.message).toBe(`ATS endpoint (${server.url('/').href}) answered 401: [redacted] may not`);
    // As the refusals come: those that come while others wait are decided together.
    expect(store.readAt.map((at, index) => at - 1_000 * index)).toEqual(Array(store.reads).fill(0));
    store.time += 300;
    const { reads } = store;
    await failureOf(endpoint.call({}));
    expect(store.readAt.slice(reads)).toEqual([1_000 * reads]);
    store.time += 5_000;
    await failureOf(endpoint.call({}));
    expect(store.readAt.slice(reads + 1)).toEqual([1_000 * reads + 5_000]);
  });

  it.each([
    ['waited for', { meanwhile: () => new Promise<void>(() => undefined) }],
    ['being read', { time: 1_000, afterLook: () => new Promise<void>(() => undefined) }],
  ])('keep no call longer than its deadline when they are %s', async (_, held) => {
    const store = new Store();
    const { endpoint } = await guarded(store, []);
    await store.credentials.prepare();
    Object.assign(store, held);
    const failure = await failureOf(endpoint.call({}, { deadline: now() + 100 }));
    expect(failure.message).toMatch(/was not called any more: the time for this batch was up$/);
    expect(failure.attempts).toBe(1);
  });

  it('and cannot be read are told of', async () => {
    const store = new Store();
    const { endpoint } = await guarded(store, []);
    await store.credentials.prepare();
    store.failure = Object.assign(new Error('not yours'), { name: 'AccessDeniedException' });
    store.time = 1_000;
    const { message, status } = await failureOf(endpoint.call({}));
    expect(status).toBe(401);
    expect(message).toMatch(
      /answered 401, and the endpoints' headers cannot be read from the store: AccessDeniedException: not yours$/,
    );
  });
});
