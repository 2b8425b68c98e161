import { manifestSchema } from '../../../lib/run/contracts.ts';
import { manifestKey } from '../../../lib/run/keys.ts';
import { failedInvocation } from '../../../local/lambda/destinations.ts';
import { CALLS } from '../../default-calls.ts';
import { startDaemon } from '../../unit/functions/observation/daemon.ts';
import { fileOf } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { type Capture, capture, type Line } from './captured.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const PARENT = '53995c3f42cd8ad8';

let daemon: Awaited<ReturnType<typeof startDaemon>>;
let output: Capture;
beforeAll(async () => {
  daemon = await startDaemon();
});
const pipeline = usePipeline(() => {
  // As Lambda has it.
  const lambda = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' };
  const environment = { ...lambda, POWERTOOLS_LOG_LEVEL: 'INFO', STAGE: 'test', STALLED_AFTER_MINUTES: '0.00001' };
  return { environment };
});
afterAll(() => daemon.close());
beforeEach(() => {
  // Keys are the process's, and Lambda runs one invocation of a process at a time.
  let turn: Promise<unknown> = Promise.resolve();
  pipeline.around = (_, handle) => {
    turn = turn.then(handle, handle);
    return turn;
  };
  delete process.env._X_AMZN_TRACE_ID;
  daemon.datagrams.length = 0;
  output = capture();
});
afterEach(() => output.restore());

const withMessage = (message: string) => output.lines().filter((line) => line.message === message);

/** The metrics of a line with their dimensions, as CloudWatch reads it. */
function metricsIn(line: Line | undefined): Record<string, unknown> {
  const { CloudWatchMetrics = [] } = Object(line?._aws);
  return Object.fromEntries(
    CloudWatchMetrics.flatMap(({ Dimensions: [names], Metrics }: { Dimensions: string[][]; Metrics: Line[] }) =>
      Metrics.map(({ Name }) => [[Name, ...(names ?? []).map((name) => line?.[name])].join(' '), line?.[String(Name)]]),
    ),
  );
}

describe('a run', () => {
  it('is told of in one line per stage and object, each with run, batch and whether it was a cold start', async () => {
    const { runId } = await pipeline.drop('lines.csv', fileOf(60), '2024-01-31');
    // Which batch is the first to be scored is left to chance.
    const byBatch = (lines: Line[]) => lines.toSorted((a, b) => Number(a.batch) - Number(b.batch));
    const [features, ...others] = withMessage('done');
    const done = [features, ...byBatch(others.slice(0, -1)), others.at(-1)];
    expect(done.map((line) => [line?.function, line?.batch])).toEqual([
      ['features', undefined],
      ['predict', 1],
      ['predict', 2],
      ['predict', 3],
      ['report', undefined],
    ]);
    for (const line of output.lines()) {
      expect(line).toMatchObject({ runId, level: 'INFO', service: expect.any(String), stage: 'test' });
    }
    // One process runs all of them here.
    expect(output.lines().map((line) => line.cold_start)).toEqual([true, ...Array(done.length + 8).fill(false)]);
    expect(done[0]).toMatchObject({
      key: 'uploads/default/lines.csv',
      bucket: 'member-offers-dev',
      rows: { read: 61, accepted: 60, rejected: 1 },
      members: 60,
      batches: 3,
      isUsable: true,
    });
    expect(done[1]).toMatchObject({ key: `batches/${runId}/00001.json`, members: 25, failed: 0, wroteResult: true });
    expect(done[4]).toMatchObject({
      status: 'COMPLETE',
      members: { total: 60, scored: 60, failed: 0 },
      unexpected: [],
    });
    expect(byBatch(withMessage('endpoint')).map(({ endpoint, batch }) => [batch, endpoint])).toEqual(
      [1, 2, 3].flatMap((batch) => CALLS.map((call) => [batch, call])),
    );
  });

  it('gives metrics of rows, members, time, endpoints and its status', async () => {
    let requests = 0;
    pipeline.intercept = ({ url }, reply) => {
      if (url !== '/ml/ats/predict') return undefined;
      requests += 1;
      // The first is tried again, the second and third are refused for good.
      if (requests === 1) return reply.code(429).send('');
      return requests <= 3 ? reply.code(422).send('no') : undefined;
    };
    await pipeline.drop('metrics.csv', `${fileOf(10)}BAD,2024-01-01,sell,1,1\n`, '2024-01-31');
    const [features, predict, report] = withMessage('done').map(metricsIn);
    const ms = expect.any(Number);
    const timing = (name: string) => ({ [`StageDuration test ${name}`]: ms, [`StageWait test ${name}`]: ms });
    expect(features).toEqual({ 'RowsRead test': 11, 'RowsRejected test': 1, ...timing('features') });
    expect(predict).toEqual({ 'MembersScored test': 8, 'MembersFailed test': 2, ...timing('predict') });
    expect(report).toEqual({ 'Runs test PARTIAL': 1, 'RunDuration test': ms, ...timing('report') });
    const [ats, resp, offer] = withMessage('endpoint').map(metricsIn);
    expect(ats).toEqual({
      'EndpointRequests test ats': 11,
      'EndpointRows test ats': 11,
      'EndpointErrors test ats': 3,
      'EndpointThrottles test ats': 1,
      'EndpointRetries test ats': 1,
      'CircuitOpenings test ats': 0,
      'CircuitOpen test ats': 0,
      'EndpointLatency test ats': Array(11).fill(ms),
    });
    expect(resp).toMatchObject({ 'EndpointRequests test resp': 10, 'EndpointErrors test resp': 0 });
    expect(offer).toMatchObject({ 'EndpointRequests test offer': 8, 'EndpointLatency test offer': Array(8).fill(ms) });
  });

  it('whose function fails is told of by the failure, then by who gave it up, both with run and batch', async () => {
    const broken = `batches/20240131T120000Z-00000000/00001.json`;
    await pipeline.bucket.writeText(broken, 'not JSON', 'application/json');
    await pipeline.idle();
    const failed = withMessage('failed');
    // Nothing can be made of such a batch: predict and onFailure fail.
    expect(failed).toHaveLength(2);
    for (const line of failed) {
      expect(line).toMatchObject({ level: 'ERROR', runId: '20240131T120000Z-00000000', batch: 1, key: broken });
      expect(line.error).toMatchObject({ name: 'InvalidObjectError', message: expect.stringContaining('not JSON') });
    }
    expect(withMessage('done')).toEqual([]);
  });

  it('that was given up counts its failed members, and a report that was given up the FAILED run', async () => {
    const { around } = pipeline;
    const failing = (failed: string) => {
      pipeline.around = (name, handle, event) =>
        around(name, () => (name === failed ? Promise.reject(new Error('killed')) : handle()), event);
    };
    failing('predict');
    const { runId } = await pipeline.drop('lost-batch.csv', fileOf(5), '2024-01-31');
    const [batch] = withMessage('done').filter(({ ended }) => ended === 'batch');
    expect(batch).toMatchObject({ runId, batch: 1, reason: expect.stringMatching(/predict failed .*: killed$/) });
    expect(metricsIn(batch)).toEqual({ 'MembersScored test': 0, 'MembersFailed test': 5 });
    failing('report');
    await pipeline.drop('lost-report.csv', fileOf(5), '2024-01-31');
    const [report] = withMessage('done').filter(({ ended }) => ended === 'report');
    expect(metricsIn(report)).toEqual({ 'Runs test FAILED': 1 });
  });

  it('that is overdue is counted whenever somebody looks, and told of when it is resumed', async () => {
    pipeline.admits = (name) => name !== 'predict';
    await pipeline.put('overdue.csv', fileOf(5), '2024-01-31');
    await pipeline.idle();
    const manifests = (await pipeline.bucket.list('runs/')).filter((key) => key.endsWith('manifest.json'));
    const all = await Promise.all(manifests.map((key) => pipeline.bucket.readJson(key, manifestSchema)));
    const { runId } = all.find(({ source }) => source.key.endsWith('overdue.csv')) ?? { runId: '' };
    expect(manifests).toContain(manifestKey(runId));
    pipeline.admits = () => true;
    output.clear();
    await pipeline.invoke('resume', { source: 'aws.events' });
    expect(withMessage('resumed')).toMatchObject([{ runId, did: 'restarted batches', batches: [1], level: 'WARN' }]);
    // The batch may be done before.
    expect(withMessage('done').map(metricsIn)).toContainEqual({ 'RunsOverdue test': 1 });
    await pipeline.idle();
    output.clear();
    await pipeline.invoke('resume', {});
    expect(metricsIn(withMessage('done')[0])).toEqual({ 'RunsOverdue test': 0 });
    output.clear();
    await pipeline.invoke('resume', { runId });
    expect(withMessage('done')).toMatchObject([{ runId, did: 'nothing' }]);
  });

  it('whose event cannot be read is told of, too', async () => {
    await expect(pipeline.invoke('features', { Records: [] })).rejects.toThrow('Failed to parse schema');
    expect(withMessage('failed')).toMatchObject([{ error: { name: 'ParseError' } }]);
  });
});

describe('an upload that starts no run', () => {
  it.each([
    ['lines/part-0.csv', 'it is a part, which waits for _SUCCESS'],
    ['lines/.part-0.csv.crc', 'it is no file of transactions'],
  ])('is told of in one line, with why it does not: %s', async (name, reason) => {
    await pipeline.put(name, fileOf(1));
    await pipeline.idle();
    expect(output.lines()).toMatchObject([
      { message: 'starts nothing', key: `uploads/default/${name}`, reason, level: 'INFO' },
    ]);
    expect(output.lines()[0]).not.toHaveProperty('runId');
  });
});

describe("S3's test of its notifications", () => {
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2024-01-31T10:15:02.123Z', Bucket: 'offers' };
  const message = 'test event, starts nothing';

  it.each(['features', 'predict', 'report'])('starts nothing in %s, which says so in one line', async (name) => {
    expect(await pipeline.invoke(name, { ...test, RequestId: 'R', HostId: 'H' })).toEqual([]);
    expect(output.lines()).toMatchObject([{ message, bucket: 'offers', level: 'INFO' }]);
    expect(pipeline.deliveries).toEqual([]);
  });

  it('ends nothing when it found no room', async () => {
    const failure = { functionName: 'features', event: test, id: 'R', error: undefined, attempts: 1, isTooOld: true };
    expect(await pipeline.invoke('onFailure', failedInvocation(failure, new Date()))).toEqual([]);
    expect(output.lines()).toMatchObject([{ message, bucket: 'offers' }]);
  });
});

describe('the trace of a batch', () => {
  /** Headers of the requests by the endpoint's path. */
  function traceHeaders(): Map<string, Set<string | string[] | undefined>> {
    const headers = new Map<string, Set<string | string[] | undefined>>();
    pipeline.intercept = (request) => {
      const known = headers.get(request.url) ?? new Set();
      headers.set(request.url, known.add(request.headers['x-amzn-trace-id']));
    };
    return headers;
  }

  it('goes on at the endpoints, and has one part for each of them', async () => {
    process.env._X_AMZN_TRACE_ID = `Root=${ROOT};Parent=${PARENT};Sampled=1;Lineage=1:a87bd80c:0`;
    const headers = traceHeaders();
    const { runId } = await pipeline.drop('traced.csv', fileOf(20), '2024-01-31');
    const datagrams = await daemon.received(3);
    expect(datagrams).toHaveLength(3);
    const documents = datagrams.map((datagram) => {
      const [header, document = ''] = datagram.split('\n');
      expect(JSON.parse(header ?? '')).toEqual({ format: 'json', version: 1 });
      return JSON.parse(document);
    });
    const ats = documents.find(({ annotations }) => annotations.endpoint === 'ats');
    const host = new URL(process.env.ATS_URL ?? '').host;
    expect(ats).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: ROOT,
      parent_id: PARENT,
      type: 'subsegment',
      name: `ats ${host}`,
      namespace: 'remote',
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      http: { request: { method: 'POST', url: `http://${host}/ml/ats/predict` } },
      throttle: false,
      error: false,
      fault: false,
      annotations: { runId, batch: 1, endpoint: 'ats', requests: 20, rows: 20, errors: 0, throttled: 0, retries: 0 },
    });
    expect(ats.end_time).toBeGreaterThan(ats.start_time);
    // Seconds.
    expect(Math.abs(ats.end_time - Date.now() / 1000)).toBeLessThan(60);
    expect(headers.get('/ml/ats/predict')).toEqual(new Set([`Root=${ROOT};Parent=${ats.id};Sampled=1`]));
    expect(new Set(documents.map(({ id }) => id)).size).toBe(3);
  });

  it('that is not sampled is not recorded, and the endpoints learn that it is not', async () => {
    process.env._X_AMZN_TRACE_ID = `Root=${ROOT};Parent=${PARENT};Sampled=0`;
    const headers = traceHeaders();
    await pipeline.drop('unsampled.csv', fileOf(3), '2024-01-31');
    for (const sent of headers.values()) {
      expect([...sent]).toEqual([expect.stringMatching(new RegExp(`^Root=${ROOT};Parent=[0-9a-f]{16};Sampled=0$`))]);
    }
    expect(daemon.datagrams).toEqual([]);
  });

  it('is left out where there is none', async () => {
    const headers = traceHeaders();
    await pipeline.drop('untraced.csv', fileOf(3), '2024-01-31');
    expect([...headers.values()]).toEqual(Array(3).fill(new Set([undefined])));
  });

  it('says of what kind failures were', async () => {
    process.env._X_AMZN_TRACE_ID = `Root=${ROOT};Parent=${PARENT};Sampled=1`;
    const codes: Record<string, number> = { '/ml/ats/predict': 429, '/ml/resp/predict': 500 };
    const failed = new Set<string>();
    pipeline.intercept = ({ url }, reply) => {
      const code = codes[url];
      if (code === undefined || failed.has(url)) return undefined;
      failed.add(url);
      return reply.code(code).send('');
    };
    await pipeline.drop('failing.csv', fileOf(3), '2024-01-31');
    const documents = (await daemon.received(3)).map((datagram) => JSON.parse(datagram.split('\n')[1] ?? ''));
    expect(documents.map(({ name, throttle, error, fault }) => [name.split(' ')[0], throttle, error, fault])).toEqual([
      ['ats', true, true, false],
      ['resp', false, false, true],
      ['offer', false, false, false],
    ]);
  });
});
