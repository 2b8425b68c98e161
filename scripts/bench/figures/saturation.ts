import { partnersIn } from '../../../lib/partners/partner-folder.ts';
import { type Batch, batchSchema, resultSchema } from '../../../lib/run/contracts.ts';
import { batchKey, resultKey } from '../../../lib/run/keys.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { count } from '../../../local/terminal/units.ts';
import { PROJECT } from '../../shared/project-partners.ts';
import type { Figure } from '../figure.ts';
import { AS_OF, type BenchHarness, BUCKET } from '../harness.ts';
import { CONCURRENCY, CONNECTIONS, endpointRate } from '../load.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';
import type { Measurement } from '../task.ts';
import { eventOf, invocationOf, upload } from '../upload.ts';

const MEMBERS = 20_000;
const SLOW_MEMBERS = 5_000;
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
  const [rate, own] = [
    spreadOfRounds(results.map((result) => result.rate)),
    spreadOfRounds(results.map((result) => result.own)),
  ];
  return {
    name: 'saturation',
    value: spreadOfRounds(results.map((result) => result.own / result.rate)),
    target: { atLeast: 0.85 },
    detail: `predict ${count(own.median)} requests/s, autocannon ${count(rate.median)}, ${CONNECTIONS} connections`,
  };
}

export interface SlowSaturation {
  figure: Figure;
  /** The measurement of one round, for the cost: one invocation for `members`, with `latencyMs` per answer. */
  measurement: Measurement;
  members: number;
  latencyMs: number;
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
  return { figure, members: SLOW_MEMBERS, latencyMs: LATENCY_MS, measurement: first.measurement };
}

/** Returns a function that writes the same batch of so many members, each time as the batch of a new run. */
async function batchesOf(harness: BenchHarness, members: number) {
  const { bucket } = harness;
  const object = await upload(harness, await harness.file(members, 7), 'saturation');
  const whole = { minBatchSize: members, maxBatches: 1 };
  const { runId: prepared } = await prepareRun(
    bucket,
    { ...object, bucket: BUCKET, createdAt: new Date(AS_OF) },
    whole,
    { partners: partnersIn(PROJECT) },
  );
  const batch: Batch = await bucket.readJson(batchKey(prepared, 1), batchSchema);
  let number = 0;
  return async () => {
    number += 1;
    const runId = `${prepared}-${members}-${number}`;
    await bucket.writeJson(batchKey(runId, 1), { ...batch, runId });
    return { runId, event: eventOf({ ...object, key: batchKey(runId, 1) }) };
  };
}
