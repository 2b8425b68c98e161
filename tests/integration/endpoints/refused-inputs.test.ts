import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { type ScoredMember, scoredMemberSchema } from '../../../lib/run/contracts.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { outputOf, usePipeline } from '../harness/pipeline.ts';

/** As in production, but for the delays: nobody is to wait for a probe, or for an endpoint that is down, in these tests. */
const ENVIRONMENT = { MAX_ATTEMPTS: '10', RETRY_DELAY_MS: '1', PROBE_AFTER_MS: '600000', MAX_OUTAGE_MS: '600000' };

jest.setTimeout(60_000);

const pipeline = usePipeline({ environment: ENVIRONMENT });

/** Whether an input is among so many of a hundred, the same ones each time. */
function isAmong(percent: number, body: unknown): boolean {
  const [first = 0, second = 0] = createHash('sha256').update(JSON.stringify(body)).digest();
  return (first * 256 + second) / 65_536 < percent / 100;
}

/** Has an endpoint refuse inputs; returns those that it has refused. */
function refuse(path: string, percent: number, answer: (reply: FastifyReply) => unknown): Set<string> {
  const refused = new Set<string>();
  pipeline.intercept = ({ url, body }, reply) => {
    if (url !== path || !isAmong(percent, body)) return undefined;
    refused.add(JSON.stringify(body));
    return answer(reply);
  };
  return refused;
}

async function membersOf(file: string): Promise<{ status: string; members: ScoredMember[] }> {
  const summary = await pipeline.drop(file, await readFile('events/sample.csv'), '2024-01-31');
  const members: ScoredMember[] = [];
  const { chunks } = await pipeline.bucket.read(outputOf(summary, 'members'));
  for await (const member of readJsonLines(chunks, scoredMemberSchema)) members.push(member);
  return { status: summary.status, members };
}

function messageOf({ outcome }: ScoredMember): string {
  return outcome.status === 'FAILED' ? outcome.failures.map(({ message }) => message).join() : '';
}

describe('a model that refuses some inputs, however often it is asked', () => {
  const crash = (reply: FastifyReply) => reply.code(500).send('division by zero');
  const nan = (reply: FastifyReply) => reply.send('{"prediction": NaN}');
  const hangUp = (reply: FastifyReply) => reply.hijack().raw.destroy();

  // The largest share first: what an endpoint has answered, and is asked again as a probe, it answers in the next ones, too.
  it.each([
    [70, '500', crash, /answered 500: division by zero, 10 attempts$/],
    [30, '500', crash, /answered 500: division by zero, 10 attempts$/],
    [20, 'reset', hangUp, /could not be reached: .*, 10 attempts$/],
    [10, 'NaN', nan, /answered with NaN, which is no finite number, .*, 10 attempts$/],
  ])('fails these %d %% (%s), and nobody else', async (percent, what, answer, message) => {
    const refused = refuse('/ml/ats/predict', percent, answer);
    const { status, members } = await membersOf(`${percent}-${what}.csv`);
    expect(status).toBe('PARTIAL');
    expect(refused.size).toBeGreaterThan(0);
    for (const member of members) {
      const isRefused = isAmong(percent, member.features);
      expect(member.outcome.status).toBe(isRefused ? 'FAILED' : 'SCORED');
      if (isRefused) expect(messageOf(member)).toMatch(message);
    }
  });
});

describe('an offer service that has no offer for some', () => {
  it('fails these, and nobody else', async () => {
    const refused = refuse('/offer/assign', 30, (reply) => reply.send({ offer: null }));
    const { members } = await membersOf('no-offer.csv');
    for (const member of members) {
      const { ats, resp } = member.outcome;
      const isRefused = refused.has(JSON.stringify({ ats_prediction: ats, resp_prediction: resp }));
      expect(member.outcome.status).toBe(isRefused ? 'FAILED' : 'SCORED');
      if (isRefused)
        expect(messageOf(member)).toMatch(/null, which is no offer's name, .*: \{"offer":null\}, 10 attempts$/);
    }
    expect(members.filter(({ outcome }) => outcome.status === 'FAILED').length).toBeGreaterThan(50);
  });
});

describe('an endpoint that keeps to another contract', () => {
  it.each([
    ['a list of two', '{"prediction": [0.42, 0.58]}', 200],
    ['a page to sign in', '<html><title>Sign in</title></html>', 200],
    ['a refusal', 'no such route', 404],
  ])('(%s) is found out with a handful of requests, and nothing is waited for', async (_, answer, status) => {
    let requests = 0;
    pipeline.intercept = ({ url }, reply) => {
      if (url !== '/ml/ats/predict') return undefined;
      requests += 1;
      return reply.code(status).send(answer);
    };
    const name = `${createHash('sha256').update(answer).digest('hex')}.csv`;
    const summary = await pipeline.drop(name, await readFile('events/sample.csv'), '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', members: { scored: 0 } });
    expect(summary.reason).toContain(answer);
    if (status === 200) expect(summary.reason).toContain('{"prediction": 0.42}');
    // Eight batches, four at a time in this process, each with eight members in progress.
    expect(requests).toBeLessThanOrEqual(5 + 4 * 8 + 8 * 3);
  });

  it('is asked anew by the next batch, and scores again once it keeps to it', async () => {
    pipeline.intercept = ({ url }, reply) => (url === '/ml/resp/predict' ? reply.code(401).send('who?') : undefined);
    const file = await readFile('events/sample.csv');
    expect(await pipeline.drop('before.csv', file, '2024-01-31')).toMatchObject({ status: 'FAILED' });
    pipeline.intercept = () => undefined;
    expect(await pipeline.drop('after.csv', file, '2024-01-31')).toMatchObject({ status: 'COMPLETE' });
  });
});
