import { partnersIn } from '../../../lib/partners/partner-folder.ts';
import { type Batch, batchSchema, resultSchema } from '../../../lib/run/contracts.ts';
import { batchKey, resultKey } from '../../../lib/run/keys.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { TOTAL } from '../../../lib/timing/steps.ts';
import { count } from '../../../local/terminal/units.ts';
import { PROJECT } from '../../shared/project-partners.ts';
import { batchesOnAws } from '../batching.ts';
import type { Figure } from '../figure.ts';
import { AS_OF, type BenchHarness, BUCKET } from '../harness.ts';
import { BATCHED, BATCHED_ROWS, CONCURRENCY, CONNECTIONS, endpointRate } from '../load.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';
import type { Measurement } from '../task.ts';
import { eventOf, invocationOf, upload } from '../upload.ts';
import { LARGE_BATCHES, LARGE_MEMBERS } from './large.ts';

const MEMBERS = 20_000;
const BATCHED_MEMBERS = 100_000;
const SLOW_MEMBERS = 5_000;
const MILLION = 1_000_000;
const LATENCY_MS = 50;
const REQUESTS_PER_MEMBER = 3;

/** Requests per second of one predict invocation, as a share of those of a load generator. */
export async function saturation(harness: BenchHarness, rounds: number): Promise<Figure> {
  const endpoints = await harness.endpoints();
  const worker = harness.worker(endpoints);
  const score = await batchesOf(harness, MEMBERS);
  const round = async () => {
    const rate = await endpointRate(endpoints);
    const { event } = await score();
    const { ms } = await worker.do(invocationOf('predict', event));
    return { rate, own: (MEMBERS * REQUESTS_PER_MEMBER * 1000) / ms };
  };
  await inRounds(2, round);
  const results = await inRounds(rounds, round);
  worker.stop();
  return share('saturation', 0.85, results, {
    unit: 'requests/s',
    load: `${CONNECTIONS} connections`,
  });
}

/** Rows per second of one predict invocation that has many in a request, as a share of a load generator's. */
export async function batchedSaturation(harness: BenchHarness, rounds: number): Promise<Figure> {
  const endpoints = await harness.endpoints();
  const worker = harness.worker(endpoints);
  const score = await batchesOf(harness, BATCHED_MEMBERS, BATCHED);
  const round = async () => {
    const rate = (await endpointRate(endpoints, BATCHED_ROWS)) * BATCHED_ROWS;
    const { event, runId } = await score();
    await worker.do(invocationOf('predict', event));
    const { spans } = await harness.bucket.readJson(resultKey(runId, 1), resultSchema);
    const { from = 0, to = 0 } = spans[TOTAL] ?? {};
    return { rate, own: (BATCHED_MEMBERS * REQUESTS_PER_MEMBER * 1000) / (to - from) };
  };
  await inRounds(2, round);
  const results = await inRounds(rounds, round);
  worker.stop();
  return share('saturation, batched', 0.8, results, { unit: 'rows/s', load: `${BATCHED_ROWS} rows per request` });
}

/** What predict reaches of what a load generator does. @param results of each round, per second */
function share(
  name: string,
  atLeast: number,
  results: readonly { own: number; rate: number }[],
  { unit, load }: { unit: string; load: string },
): Figure {
  const own = spreadOfRounds(results.map((result) => result.own));
  const rate = spreadOfRounds(results.map((result) => result.rate));
  return {
    name,
    value: spreadOfRounds(results.map((result) => result.own / result.rate)),
    target: { atLeast },
    detail: `predict ${count(own.median)} ${unit}, autocannon ${count(rate.median)}, ${load}`,
  };
}

/** The time to score a large file by requests for many members, as a share of that by requests for one. */
export async function batchedScoring(harness: BenchHarness, rounds: number): Promise<Figure> {
  const worker = harness.worker(await harness.endpoints());
  const ways = [
    { name: 'json', score: await batchesOf(harness, LARGE_MEMBERS, undefined, LARGE_BATCHES) },
    { name: 'instances', score: await batchesOf(harness, LARGE_MEMBERS, BATCHED, LARGE_BATCHES) },
  ];
  const round = async () => {
    const times: number[] = [];
    for (const { score } of ways) {
      let sum = 0;
      for (let batch = 1; batch <= LARGE_BATCHES; batch++) {
        const { event } = await score(batch);
        sum += (await worker.do(invocationOf('predict', event))).ms;
      }
      times.push(sum);
    }
    const [json = Number.NaN, instances = Number.NaN] = times;
    return { json, instances };
  };
  const results = await inRounds(rounds, round);
  worker.stop();
  const [json, instances] = [
    spreadOfRounds(results.map((result) => result.json)),
    spreadOfRounds(results.map((result) => result.instances)),
  ];
  return {
    name: 'scoring, batched ÷ json',
    value: spreadOfRounds(results.map((result) => result.instances / result.json)),
    target: { atMost: 0.15 },
    detail: `${count(LARGE_MEMBERS)} members, one invocation after the other: ${(instances.median / 1000).toFixed(1)} s and ${(json.median / 1000).toFixed(1)} s`,
  };
}

/** One invocation for so many members, for the cost. */
export interface Invoked {
  measurement: Measurement;
  members: number;
  /** Of each answer. */
  latencyMs: number;
  /** Members per request. */
  rows: number;
}

export interface SlowSaturation extends Invoked {
  figure: Figure;
}

/** One invocation for as many members as a batch has on AWS, with slow endpoints that are asked for many at a time. */
export async function slowBatched(harness: BenchHarness): Promise<Invoked> {
  const worker = harness.worker(await harness.endpoints(LATENCY_MS));
  const members = MILLION / batchesOnAws(MILLION);
  const score = await batchesOf(harness, members, BATCHED);
  const once = async () => worker.do(invocationOf('predict', (await score()).event));
  await inRounds(2, once);
  const measurement = await once();
  worker.stop();
  return { measurement, members, latencyMs: LATENCY_MS, rows: BATCHED_ROWS };
}

/** The average number of members in progress, as a share of the allowed number, with slow endpoints. */
export async function slowSaturation(harness: BenchHarness, rounds: number): Promise<SlowSaturation> {
  const worker = harness.worker(await harness.endpoints(LATENCY_MS));
  const score = await batchesOf(harness, SLOW_MEMBERS);
  const round = async () => {
    const { event, runId } = await score();
    const measurement = await worker.do(invocationOf('predict', event));
    const { members } = await harness.bucket.readJson(resultKey(runId, 1), resultSchema);
    // Little's law: the sum of all members' times, divided by the time of the invocation.
    return { measurement, achieved: members.reduce((sum, { latency }) => sum + latency.total, 0) / measurement.ms };
  };
  await inRounds(1, round);
  const results = await inRounds(rounds, round);
  worker.stop();
  const achieved = spreadOfRounds(results.map((result) => result.achieved));
  const ms = spreadOfRounds(results.map(({ measurement }) => measurement.ms));
  const ideal = (2 * LATENCY_MS * SLOW_MEMBERS) / CONCURRENCY / 1000;
  const [first] = results;
  if (first === undefined) throw new Error('no round was made');
  const figure: Figure = {
    name: `saturation, ${LATENCY_MS} ms endpoints`,
    value: spreadOfRounds(results.map((result) => result.achieved / CONCURRENCY)),
    target: { atLeast: 0.95 },
    detail: `${achieved.median.toFixed(1)} of ${CONCURRENCY} members in progress; ${(ms.median / 1000).toFixed(1)} s, waiting alone ${ideal.toFixed(1)} s`,
  };
  return { figure, members: SLOW_MEMBERS, latencyMs: LATENCY_MS, rows: 1, measurement: first.measurement };
}

/**
 * Cuts so many members into batches, once.
 *
 * @param partner whose services are asked
 * @returns a function that writes one of the batches, each time as that of a new run
 */
async function batchesOf(harness: BenchHarness, members: number, partner?: string, batches = 1) {
  const { bucket } = harness;
  const object = await upload(harness, await harness.file(members, 7), `saturation-${members}`, partner);
  const whole = { minBatchSize: Math.ceil(members / batches), maxBatches: batches };
  const { runId: prepared } = await prepareRun(
    bucket,
    { ...object, bucket: BUCKET, createdAt: new Date(AS_OF) },
    whole,
    { partners: partnersIn(PROJECT) },
  );
  let number = 0;
  return async (wanted = 1) => {
    const batch: Batch = await bucket.readJson(batchKey(prepared, wanted), batchSchema);
    number += 1;
    const runId = `${prepared}-${members}-${number}`;
    await bucket.writeJson(batchKey(runId, 1), { ...batch, runId, batch: 1 });
    return { runId, event: eventOf({ ...object, key: batchKey(runId, 1) }) };
  };
}
