import { once } from 'node:events';
import { Pool } from 'undici';
import { AnswerTimeoutError, post } from '../../../lib/endpoints/exchange.ts';
import { json, type ScriptedServer, silence, startScriptedServer } from './scripted-server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(
  ...answers: Parameters<typeof startScriptedServer>
): Promise<{ server: ScriptedServer; pool: Pool }> {
  const server = await startScriptedServer(...answers);
  const pool = new Pool(server.url('/').origin, { connections: 1 });
  closers.push(server.close, () => pool.destroy());
  return { server, pool };
}

const request = (body: string, timeoutMs = 10_000) => ({ path: '/', headers: {}, body, timeoutMs, maxBytes: 1000 });

describe('a post', () => {
  it('gives the status, the headers and the whole body, whatever the status', async () => {
    const { pool } = await serve(json({ reason: 'Größe' }, 418, { 'retry-after': '7' }));
    const answer = await post(pool, request('{}'));
    expect(answer).toMatchObject({ status: 418, headers: { 'retry-after': '7' } });
    expect(answer.body.toString()).toBe('{"reason":"Größe"}');
  });

  it('puts together a character that arrives in two pieces', async () => {
    const { pool } = await serve((response) => {
      const euro = Buffer.from('€');
      response.write(euro.subarray(0, 1), () => setImmediate(() => response.end(euro.subarray(1))));
    });
    expect((await post(pool, request('{}'))).body.toString()).toBe('€');
  });

  it('is not sent any more when its time was up before a connection was free', async () => {
    const { server, pool } = await serve(silence, json('answered'));
    const first = post(pool, request('never answered', 400));
    const waiting = post(pool, request('waits for a connection', 50));
    await expect(waiting).rejects.toThrow(AnswerTimeoutError);
    const last = post(pool, request('answered'));
    await expect(first).rejects.toThrow('no answer within 400 ms');
    await last;
    expect(server.requests.map(({ body }) => body)).toEqual(['never answered', 'answered']);
  });

  it('gives its connection back when its time is up, so that nothing waits for an answer that does not come', async () => {
    const { pool } = await serve(silence);
    const disconnected = once(pool, 'disconnect');
    await expect(post(pool, request('{}', 50))).rejects.toThrow(AnswerTimeoutError);
    await disconnected;
  });
});
