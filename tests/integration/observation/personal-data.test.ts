import type { Member, ScoredMember } from '../../../lib/run/contracts.ts';
import { batchKey, completionKey, rejectedRowsKey } from '../../../lib/run/keys.ts';
import { startDaemon } from '../../unit/functions/observation/daemon.ts';
import { HEADER, membersOf } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { type Capture, capture } from './captured.ts';

/** Stands in every text of the files, so that whatever is quoted of them is found; JSON.parse quotes ten characters. */
const MARK = 'Zwiebel';

const FILE = [
  HEADER,
  `${MARK}1,2021-03-04,buy,31337.123,98765.4321`,
  `${MARK}1,2021-03-05,gift,271.828182,16.18033988`,
  `${MARK}2,2020-11-12,buy,4669.20161,2.502907875`,
  `${MARK}3,2020-11-12,buy,1414.21356,17.32050807`,
  `${MARK}4,2021-01-01,${MARK},1,1`,
  `${MARK}5,2021-01-01,buy,${MARK},1`,
  `${MARK}6,${MARK},buy,1,1`,
  `${MARK}7,"2021-01-01,buy,${MARK},1`,
  `${MARK}8,too,many,${MARK},fields,of,it`,
  '',
].join('\n');

let daemon: Awaited<ReturnType<typeof startDaemon>>;
let output: Capture;
/** What fails an invocation is logged by Lambda itself, whole. */
const thrown: unknown[] = [];

beforeAll(async () => {
  daemon = await startDaemon();
});
const pipeline = usePipeline(() => {
  const xRay = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, _X_AMZN_TRACE_ID: 'Root=1-2-3;Parent=4;Sampled=1' };
  return {
    environment: { POWERTOOLS_LOG_LEVEL: 'DEBUG', STALLED_AFTER_MINUTES: '0.00001', ...xRay },
    around: (_, handle) =>
      handle().catch((error) => {
        thrown.push(error);
        throw error;
      }),
  };
});
beforeAll(() => {
  output = capture();
});
afterAll(() => {
  output.restore();
  daemon.close();
});

const told = () => [output.text(), ...daemon.datagrams, ...thrown.map(textOf)].join('\n');

function textOf(error: unknown): string {
  const { stack, cause } = Object(error);
  return [stack, JSON.stringify(error), cause === undefined ? '' : textOf(cause)].join('\n');
}

/** The numbers about members that nobody else's could be: of many digits. */
function numbersOf(members: readonly (Member | ScoredMember)[]): string[] {
  const values = members.flatMap((member) => {
    const { ats, resp } = 'outcome' in member ? { ats: undefined, resp: undefined, ...member.outcome } : {};
    return [...Object.values(member.features), ats, resp];
  });
  const inFile = FILE.match(/\d+\.\d{3,}/g) ?? [];
  return [...new Set([...values.filter((value) => value !== undefined).map(String), ...inFile])].filter(
    (number) => number.length >= 9,
  );
}

/** Without the digits that another way of writing it may not have. */
const beginningOf = (number: string) => number.slice(0, 9);

/** One endpoint refuses a member and quotes what it was sent, another makes offers by name. */
function quoting(): void {
  pipeline.intercept = ({ url, body }, reply) => {
    if (url === '/offer/assign') return reply.send({ offer: `for ${MARK}` });
    const isRefused = JSON.stringify(body).includes('4669.2');
    return isRefused && url === '/ml/ats/predict' ? reply.code(422).send(`${MARK} ${JSON.stringify(body)}`) : undefined;
  };
}

function expectNothingOf(members: readonly ScoredMember[] = []): void {
  const numbers = numbersOf(members);
  expect(numbers.length).toBeGreaterThan(7);
  const text = told();
  expect(text).not.toContain(MARK);
  for (const number of numbers) expect(text).not.toContain(beginningOf(number));
}

describe('what is logged, measured and traced holds nothing of a member, not even its id', () => {
  it('in a run with rejected rows, failed members and endpoints that quote what they are sent', async () => {
    quoting();
    const summary = await pipeline.drop('members.csv', FILE, '2024-01-31');
    // All of it is in the report.
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { scored: 2, failed: 1 }, rows: { rejected: 5 } });
    expect(summary.reason).toContain(MARK);
    expect(told()).toContain(summary.runId);
    expect(daemon.datagrams).toHaveLength(3);
    expectNothingOf(await membersOf(pipeline, summary));
  });

  it.each([
    ['no header', `${MARK}1,2021-03-04,buy,31337.123,98765.4321\n`],
    ['only rejected rows', `${HEADER}\n${MARK}1,2021-03-04,${MARK},31337.123,98765.4321\n`],
  ])('in a run that failed because the file has %s', async (name, file) => {
    const summary = await pipeline.drop(`${name}.csv`, file, '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', reason: expect.stringContaining(MARK) });
    expect(told()).toContain(summary.runId);
    expectNothingOf();
  });

  it.each([
    ['no JSON', `${MARK} {"members":[{"memberId":"${MARK}"}]}`],
    ['cut off', `{"members":[{"memberId":"${MARK}","transactions":1,"imputedValues":${MARK}`],
    ['JSON of another shape', JSON.stringify({ members: [{ memberId: MARK, features: { [MARK]: 31337.123 } }] })],
  ])('when the objects of a run are %s', async (name, body) => {
    const write = async (key: string) => {
      await pipeline.bucket.writeText(key, body, 'application/json');
      await pipeline.idle();
    };
    const failures = pipeline.failures.length;
    await write(batchKey('20240131T120000Z-00000001', 1));
    await write(completionKey('20240131T120000Z-00000002'));
    const summary = await pipeline.drop(`${name}.csv`, FILE, '2024-01-31');
    await pipeline.bucket.writeText(rejectedRowsKey(summary.runId), `${body}\n`, 'application/x-ndjson');
    await pipeline.bucket.storeAgain(completionKey(summary.runId));
    await pipeline.idle();
    // The function and onFailure, twice; the report alone the third time.
    expect(pipeline.failures.length - failures).toBe(5);
    expectNothingOf();
  });

  it('when functions are given up, and runs resumed', async () => {
    quoting();
    const whole = pipeline.around;
    for (const killed of ['predict', 'report']) {
      pipeline.around = (name, handle, event) =>
        name === killed ? Promise.reject(new Error('killed')) : whole(name, handle, event);
      const { runId } = await pipeline.drop(`${killed}.csv`, FILE, '2024-01-31');
      pipeline.around = whole;
      await pipeline.invoke('resume', { runId });
      await pipeline.idle();
    }
    pipeline.admits = (name) => name !== 'predict';
    await pipeline.put('stalled.csv', FILE, '2024-01-31');
    await pipeline.idle();
    pipeline.admits = () => true;
    await pipeline.invoke('resume', {});
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('stalled.csv');
    expect(summary).toMatchObject({ status: 'PARTIAL' });
    expect(told()).toContain('restarted batches');
    expectNothingOf(summary && (await membersOf(pipeline, summary)));
  });
});
