import type { IncomingMessage } from 'node:http';
import {
  type Checkpoint,
  checkpointSchema,
  manifestSchema,
  type Result,
  resultSchema,
} from '../../../lib/run/contracts.ts';
import { batchKey, checkpointKey, manifestKey, resultKey, uploadKey } from '../../../lib/run/keys.ts';
import { OUTPUT_NAMES } from '../../../lib/run/outputs.ts';
import { Deadline } from '../../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { countsSince, type RequestCounts, sumOfCounts } from '../../../lib/storage/request-counts.ts';
import { endpointsAt } from '../../default-calls.ts';
import { fileOf } from '../faults/content.ts';
import { endpointUrls, usePipeline } from '../harness/pipeline.ts';
import { startS3Proxy } from '../harness/s3-proxy.ts';

/** What S3 was asked for, as it charges for it. */
const asked = { writes: 0, reads: 0 };
let refuse = (_request: IncomingMessage): boolean => false;
let proxy: Awaited<ReturnType<typeof startS3Proxy>>;
const pipeline = usePipeline({
  environment: { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024' },
  through: async (s3) => {
    proxy = await startS3Proxy(s3, (request) => {
      const isWrite = request.method === 'PUT' || request.method === 'POST' || request.url?.includes('list-type=');
      if (request.method !== 'DELETE') asked[isWrite ? 'writes' : 'reads'] += 1;
      return refuse(request) ? { status: 503, code: 'SlowDown' } : undefined;
    });
    return proxy.endpoint;
  },
});
afterAll(() => proxy.close());
beforeEach(() => {
  refuse = () => false;
});

/** Drops a file whose batches are scored when the features stage has ended; counts what S3 is asked for meanwhile. */
async function run(name: string, body: string) {
  const features = Promise.withResolvers<void>();
  pipeline.around = async (functionName, handle) => {
    if (functionName === 'predict') await features.promise;
    const outcome = await handle();
    if (functionName === 'features') features.resolve();
    return outcome;
  };
  // Without the upload, which is not the run's.
  Object.assign(asked, { writes: -1, reads: 0 });
  await pipeline.put(name, body, '2024-01-31');
  await pipeline.idle();
  const seen = { ...asked };
  const [summary] = await pipeline.summariesOf(name);
  if (summary?.cost === undefined) throw new Error('nothing is said of the cost');
  return { ...summary, cost: summary.cost, seen };
}

const sumOf = (counts: readonly RequestCounts[]) => counts.reduce(sumOfCounts);

/** What S3 was asked for, and the estimate has not counted. */
const leftOutOf = ({ cost, seen }: Awaited<ReturnType<typeof run>>) =>
  countsSince(sumOf(cost.stages.map(({ s3 }) => s3)), seen);

const requestsOf = ({ cost }: Awaited<ReturnType<typeof run>>) => cost.stages.map(({ name, s3 }) => ({ name, ...s3 }));

describe('the estimated cost of a run', () => {
  it('is worked out from the time, the invocations and the requests to S3 that were counted', async () => {
    const summary = await run('twenty.csv', fileOf(20));
    expect(requestsOf(summary)).toEqual([
      // Is there a manifest, a plan, a batch? The file; the plan, its rejected row, the batch.
      { name: 'features', writes: 3, reads: 4 },
      // The batch, is there a result, or a checkpoint?
      { name: 'predict', writes: 0, reads: 3 },
      // Completion, manifest, a list of what is there of a report, the result, the rejected row.
      { name: 'report', writes: 1, reads: 4 },
    ]);
    const leftOut = [
      // The manifest; is there the last result?
      { writes: 1, reads: 1 },
      // The result; is there the last one, the manifest? A list of the results, the completion.
      { writes: 3, reads: 2 },
      // All that the report is made of; is the run's end noted, or was it told of? Its end.
      { writes: OUTPUT_NAMES.length + 1, reads: 2 },
    ];
    expect(leftOutOf(summary)).toEqual(sumOf(leftOut));
    expect(summary.seen).toEqual({ writes: 4 + 5 + OUTPUT_NAMES.length, reads: 11 + 5 });

    const { usage: features } = await pipeline.bucket.readJson(manifestKey(summary.runId), manifestSchema);
    const { usage: predict } = await pipeline.bucket.readJson(resultKey(summary.runId, 1), resultSchema);
    const [first, second, third] = summary.cost.stages;
    expect(first).toMatchObject({ invocations: 1, seconds: (features?.durationMs ?? 0) / 1000, memoryMb: 1024 });
    expect(second).toMatchObject({ invocations: 1, seconds: (predict?.durationMs ?? 0) / 1000, memoryMb: 1024 });
    const report = summary.phases.find(({ phase }) => phase === 'report')?.durationMs ?? 0;
    expect(third?.seconds).toBeCloseTo(report / 1000, 2);
    expect(first?.seconds).toBeGreaterThan(0);
    expect(second?.seconds).toBeGreaterThan(0);

    // At 1,024 MB a second is a GB-second: $0.0000133334. An invocation is $0.0000002, a write $0.000005, a read $0.0000004.
    const seconds = (first?.seconds ?? 0) + (second?.seconds ?? 0) + (third?.seconds ?? 0);
    const usd = seconds * 0.0000133334 + 3 * 0.0000002 + 4 * 0.000005 + 11 * 0.0000004;
    expect(summary.cost.usd).toBeCloseTo(usd, 12);
    expect(summary.cost).toMatchObject({ isLowerBound: false, prices: { region: 'us-east-1' } });
  });

  it('counts each batch, and leaves out how its result is stored and the run completed', async () => {
    const summary = await run('many.csv', fileOf(100));
    expect(summary.cost.stages.map(({ name, invocations }) => [name, invocations])).toEqual([
      ['features', 1],
      ['predict', 4],
      ['report', 1],
    ]);
    // For the features and the report as of a single batch. Each batch: the result; is there the last one?
    const { writes, reads } = leftOutOf(summary);
    const [ofCompletionReads, ofCompletionWrites] = [reads - (1 + 2 + 4), writes - (1 + 6 + 4)];
    // Batches that end at the same time may each look for the manifest, list the results and try to complete the run.
    expect(ofCompletionReads).toBeGreaterThanOrEqual(1);
    expect(ofCompletionReads).toBeLessThanOrEqual(4);
    expect(ofCompletionWrites).toBeGreaterThanOrEqual(ofCompletionReads + 1);
    expect(ofCompletionWrites).toBeLessThanOrEqual(ofCompletionReads * 2);
  });

  it('of a file that cannot be used has nothing for scoring', async () => {
    const summary = await run('unusable.csv', 'no,such,columns\n');
    expect(requestsOf(summary)).toEqual([
      // Is there a manifest, a plan, a batch? The file; the plan.
      { name: 'features', writes: 1, reads: 4 },
      // Completion, manifest, a list of what is there of a report.
      { name: 'report', writes: 1, reads: 2 },
    ]);
    const leftOut = [
      // The manifest; is it there? A list of the results, the completion.
      { writes: 3, reads: 1 },
      // As of a run with members.
      { writes: OUTPUT_NAMES.length + 1, reads: 2 },
    ];
    expect(leftOutOf(summary)).toEqual(sumOf(leftOut));
  });

  it('counts requests that S3 had to be sent again', async () => {
    let refused = 0;
    refuse = ({ method, url = '' }) => method === 'PUT' && url.includes('/results/') && refused++ === 0;
    const summary = await run('again.csv', fileOf(3));
    expect(refused).toBe(2);
    // What is stored with a result cannot tell how often it took to store it.
    expect(requestsOf(summary)[1]).toEqual({ name: 'predict', writes: 0, reads: 3 });
    expect(leftOutOf(summary)).toEqual({ writes: 10 + 1, reads: 5 });

    refused = 0;
    refuse = ({ method, url = '' }) => method === 'GET' && url.includes('/batches/') && refused++ === 1;
    expect(requestsOf(await run('again-2.csv', fileOf(3)))[1]).toEqual({ name: 'predict', writes: 0, reads: 4 });
  });
});

describe('a batch that takes several invocations', () => {
  it('adds up what they have used', async () => {
    pipeline.admits = (functionName) => functionName !== 'predict';
    await pipeline.put('continued.csv', fileOf(4), '2024-01-31');
    await pipeline.idle();
    const keys = (await pipeline.bucket.list('runs/')).filter((name) => name.endsWith('manifest.json'));
    const manifests = await Promise.all(keys.map((name) => pipeline.bucket.readJson(name, manifestSchema)));
    const runId = manifests.find(({ source }) => source.key === uploadKey('default', 'continued.csv'))?.runId ?? '';

    const score = (deadline: Deadline) => {
      const { source: endpoints } = endpointsAt(endpointUrls());
      const created = { key: batchKey(runId, 1), createdAt: new Date() };
      return scoreBatch(pipeline.bucket, created, { endpoints, concurrency: 1, deadline, memoryMb: 512 });
    };
    const deadline = new Deadline();
    pipeline.intercept = () => {
      if (pipeline.calls.length === 2 * 3) deadline.pass();
    };
    await score(deadline);
    const { usage: earlier } = await pipeline.bucket.readJson<Checkpoint>(checkpointKey(runId, 1), checkpointSchema);
    // The batch, is there a result, or a checkpoint? Then the checkpoint is stored, and nothing more is counted.
    expect(earlier).toMatchObject({ invocations: 1, memoryMb: 512, s3: { writes: 0, reads: 3 } });

    await score(new Deadline());
    const { usage } = await pipeline.bucket.readJson<Result>(resultKey(runId, 1), resultSchema);
    expect(usage).toMatchObject({ invocations: 2, memoryMb: 512, s3: { writes: 0, reads: 3 + 3 } });
    expect(usage?.durationMs).toBeGreaterThan(earlier?.durationMs ?? Number.POSITIVE_INFINITY);
  });

  it('adds those of a run that is taken up again for the members that failed', async () => {
    pipeline.intercept = ({ url }, reply) => (url === '/offer/assign' ? reply.code(422).send('no') : undefined);
    const { runId } = await pipeline.drop('resumed.csv', fileOf(3), '2024-01-31');
    pipeline.intercept = () => undefined;
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    const [summary] = await pipeline.summariesOf('resumed.csv');
    expect(summary).toMatchObject({ status: 'COMPLETE', cost: { isLowerBound: false } });
    // Of each round: the batch, is there a result, or a checkpoint?
    expect(summary?.cost?.stages.find(({ name }) => name === 'predict')).toMatchObject({
      invocations: 2,
      s3: { writes: 0, reads: 3 + 3 },
    });
  });
});
