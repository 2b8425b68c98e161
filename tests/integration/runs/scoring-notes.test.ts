import { EndpointError } from '../../../lib/endpoints/errors.ts';
import { RequestStatistics } from '../../../lib/endpoints/request-statistics.ts';
import { scoringProgressKey } from '../../../lib/run/keys.ts';
import { type FailingEndpoint, type ScoringProgress, scoringProgressSchema } from '../../../lib/run/progress.ts';
import { type Scored, ScoringNotes } from '../../../lib/stages/predict/scoring-notes.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { type Call, endpointsAt, mapCalls } from '../../default-calls.ts';
import { fileOf } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const RUN = '20240131T101502Z-3f9a1c2e';
const SCORED = { outcome: { status: 'SCORED', ats: 1, resp: 1, offer: 'A' } } as const;
const FAILED = { outcome: { status: 'FAILED', failures: [] } } as const;
const refused = () =>
  new EndpointError('could not be reached: connect ECONNREFUSED', { concern: 'service', isTransient: true });

describe('the notes of scoring', () => {
  let bucket: CountingBucket;
  let statistics: Record<Call, RequestStatistics>;
  let time: number;
  let scored: Scored;
  let notes: ScoringNotes;

  class CountingBucket extends Bucket {
    writes = 0;
    isBroken = false;

    override async writeJson(key: string, value: unknown): Promise<void> {
      this.writes += 1;
      if (this.isBroken) throw new Error('no room');
      await super.writeJson(key, value);
    }
  }

  // Before the bucket goes.
  afterEach(() => notes.stop());
  const local = useTestBucket('test');
  beforeEach(() => {
    bucket = new CountingBucket(local.client, NAME);
    time = 0;
    statistics = mapCalls(() => new RequestStatistics());
    const url = (path: string) => new URL(`http://127.0.0.1:9/${path}?key=secret`);
    scored = {
      batch: { runId: RUN, batch: 3 },
      members: [],
      endpoints: endpointsAt(mapCalls(url)).all,
      statistics: (call) => statistics[call === 'ats' || call === 'resp' ? call : 'offer'],
    };
    notes = new ScoringNotes(bucket, scored, () => time);
  });

  async function pass(at: number): Promise<void> {
    time = at;
    notes.look();
    // Else the next look finds that this one is still at work.
    await notes.stop();
  }

  async function lookAt(at: number): Promise<ScoringProgress | undefined> {
    await pass(at);
    return bucket.readJsonIfThere(scoringProgressKey(RUN, 3), scoringProgressSchema);
  }

  it('are none of a batch that is scored within two seconds', async () => {
    notes.count(SCORED);
    expect(await lookAt(1999)).toBeUndefined();
    expect(bucket.writes).toBe(0);
  });

  it('tell how many members are done, also those of an earlier invocation', async () => {
    const members = [SCORED, FAILED].map((one) => ({ ...one, memberId: 'M' })) as unknown as Scored['members'];
    await notes.stop();
    notes = new ScoringNotes(bucket, { ...scored, members }, () => time);
    notes.count(SCORED);
    expect(await lookAt(2000)).toEqual({ done: 3, failed: 1, failing: [] });
  });

  it('come less and less often: 28 in the 15 minutes that a Lambda has', async () => {
    for (let at = 0; at < 900_000; at += 500) await pass(at);
    expect(bucket.writes).toBeLessThanOrEqual(28);
    expect(bucket.writes).toBeGreaterThanOrEqual(20);
  });

  it('tell at once of an endpoint that fails three times in a row, and why', async () => {
    for (let failures = 0; failures < 2; failures += 1) statistics.ats.fail(refused());
    expect(await lookAt(200)).toBeUndefined();
    statistics.ats.fail(refused());
    expect(await lookAt(400)).toEqual({
      done: 0,
      failed: 0,
      failing: [
        // Without the query, which is secret.
        {
          call: 'ats',
          label: 'ATS',
          address: 'http://127.0.0.1:9/ats',
          problem: 'could not be reached: connect ECONNREFUSED',
          requests: 3,
        },
      ],
    });
  });

  it('tell when it answers again', async () => {
    for (let failures = 0; failures < 3; failures += 1) statistics.resp.fail(refused());
    expect((await lookAt(200))?.failing).toHaveLength(1);
    statistics.resp.answer();
    // One second after the first change.
    expect((await lookAt(1199))?.failing).toHaveLength(1);
    expect((await lookAt(1200))?.failing).toEqual([]);
  });

  it('are few of an endpoint that comes and goes', async () => {
    for (let at = 0; at < 60_000; at += 200) {
      for (let failures = 0; failures < 3; failures += 1) statistics.resp.fail(refused());
      await pass(at);
      statistics.resp.answer();
      await pass(at + 100);
    }
    // 1 + 2 + … + 10 s = 55 s for the changes, and 16 for the time.
    expect(bucket.writes).toBeLessThanOrEqual(11 + 16);
  });

  it('are no concern of scoring when they cannot be written', async () => {
    bucket.isBroken = true;
    expect(await lookAt(2000)).toBeUndefined();
    bucket.isBroken = false;
    expect(await lookAt(4000)).toEqual({ done: 0, failed: 0, failing: [] });
  });
});

describe('the predict stage', () => {
  const environment = { MAX_ATTEMPTS: '1000', RETRY_DELAY_MS: '1', PROBE_AFTER_MS: '20', MAX_OUTAGE_MS: '60000' };
  const pipeline = usePipeline({ environment });

  it('notes which endpoint is down, and for how long it is waited for, and nothing of a batch that goes well', async () => {
    let noted: FailingEndpoint | undefined;
    pipeline.intercept = async ({ url }, reply) => {
      if (url !== '/ml/resp/predict' || noted?.givenUpInMs !== undefined) return;
      const [key] = await pipeline.bucket.list('progress/');
      if (key !== undefined) [noted] = (await pipeline.bucket.readJson(key, scoringProgressSchema)).failing;
      return reply.code(503).send('starting');
    };
    expect(await pipeline.drop('down.csv', fileOf(3), '2024-01-31')).toMatchObject({ status: 'COMPLETE' });
    expect(noted).toMatchObject({ call: 'resp', problem: 'answered 503: starting' });
    expect(noted?.givenUpInMs).toBeGreaterThan(50_000);
    expect(noted?.givenUpInMs).toBeLessThanOrEqual(60_000);

    pipeline.reset();
    const { runId } = await pipeline.drop('up.csv', fileOf(3), '2024-01-31');
    expect(await pipeline.bucket.list(`progress/${runId}/`)).toEqual([]);
  });
});
