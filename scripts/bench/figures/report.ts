import { join } from 'node:path';
import { mapReferenceCalls } from '../../../lib/endpoints/reference-calls.ts';
import { FIRST_CALLS, FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import type { Manifest, Result, ScoredMember } from '../../../lib/run/contracts.ts';
import { completionKey, manifestKey, resultKey } from '../../../lib/run/keys.ts';
import { count } from '../../../local/terminal/units.ts';
import { type Random, randomFrom } from '../../shared/random.ts';
import type { Figure } from '../figure.ts';
import { AS_OF, type BenchHarness, BUCKET } from '../harness.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';
import type { Measurement } from '../task.ts';
import { eventOf, invocationOf } from '../upload.ts';
import { LARGE_BATCHES, LARGE_MEMBERS } from './large.ts';

const RUN_ID = `20240131T101502Z-be4c0000`;
const STARTED_AT = Date.parse(`${AS_OF}T10:15:02Z`);

export interface ReportFigures {
  ratio: Figure;
  peakMb: Figure;
  /** The measurement of one round, for the cost. */
  measurement: Measurement;
}

/** The report stage with all outputs, compared with exceljs writing as many cells; each measured in a new process. */
export async function report(harness: BenchHarness, rounds: number): Promise<ReportFigures> {
  await writeRun(harness);
  let written = 0;
  const path = join(harness.directory, 'bare.xlsx');
  const results = await inRounds(rounds, async () => ({
    bare: await harness.measure({ task: 'exceljs', path, rows: LARGE_MEMBERS }),
    // Each round has a later event, because the same event leads to no second report.
    own: await harness.measure(invocationOf('report', eventAt(1000 * written++))),
  }));
  const [bare, own] = [
    spreadOfRounds(results.map(({ bare }) => bare.ms)),
    spreadOfRounds(results.map(({ own }) => own.ms)),
  ];
  const [first] = results;
  if (first === undefined) throw new Error('no round was made');
  return {
    measurement: first.own,
    ratio: {
      name: 'report ÷ exceljs alone',
      value: spreadOfRounds(results.map((result) => result.own.ms / result.bare.ms)),
      target: { atMost: 1.3 },
      detail: `${count(LARGE_MEMBERS)} members, all five outputs; ${(own.median / 1000).toFixed(1)} s, exceljs ${(bare.median / 1000).toFixed(1)} s`,
    },
    peakMb: {
      name: 'report, peak memory, MB',
      value: spreadOfRounds(results.map((result) => result.own.peakMb)),
      target: { atMost: 512 },
      digits: 0,
      detail: 'resident memory of the whole process',
    },
  };
}

/** Writes a run that has all objects except its report. */
async function writeRun({ bucket }: BenchHarness): Promise<void> {
  const random = randomFrom(3);
  const size = Math.ceil(LARGE_MEMBERS / LARGE_BATCHES);
  for (let batch = 1; batch <= LARGE_BATCHES; batch++) {
    const first = (batch - 1) * size;
    const members = Array.from({ length: Math.min(size, LARGE_MEMBERS - first) }, (_, position) =>
      memberOf(first + position, random),
    );
    await bucket.writeJson(resultKey(RUN_ID, batch), resultOf(batch, members));
  }
  await bucket.writeJson(manifestKey(RUN_ID), MANIFEST);
  await bucket.writeJson(completionKey(RUN_ID), { runId: RUN_ID, batches: LARGE_BATCHES });
}

/** The event that starts the report. @param laterMs milliseconds after the first such event */
function eventAt(laterMs: number) {
  const object = { bucket: BUCKET, key: completionKey(RUN_ID), size: 1, etag: 'e', sequencer: '1' };
  return eventOf({ ...object, cause: 'Put', createdAt: new Date(STARTED_AT + 100_000 + laterMs) });
}

const MANIFEST: Manifest = {
  runId: RUN_ID,
  partner: 'bench',
  source: { bucket: BUCKET, key: 'uploads/bench/large.csv' },
  etag: 'e',
  asOf: AS_OF,
  rows: { read: 4 * LARGE_MEMBERS, accepted: 4 * LARGE_MEMBERS, rejected: 0, imputed: 0 },
  members: LARGE_MEMBERS,
  batches: LARGE_BATCHES,
  features: [...FIRST_FEATURES],
  calls: [...FIRST_CALLS],
  startedAt: new Date(STARTED_AT + 200).toISOString(),
  finishedAt: new Date(STARTED_AT + 8000).toISOString(),
  wait: { from: STARTED_AT, to: STARTED_AT + 200 },
  steps: [],
};

function resultOf(batch: number, members: ScoredMember[]): Result {
  const from = STARTED_AT + 8000 + batch * 90;
  const span = { from, to: from + 180 };
  const spans = { ...mapReferenceCalls(() => span), total: span };
  const requests = mapReferenceCalls(() => ({ requests: members.length, retries: 0, rows: members.length }));
  return {
    runId: RUN_ID,
    batch,
    batches: LARGE_BATCHES,
    calls: [...FIRST_CALLS],
    members,
    wait: { from: STARTED_AT + 7000, to: from },
    spans,
    requests,
  };
}

function memberOf(index: number, random: Random): ScoredMember {
  const [ats, resp] = [10_000 * random.fraction() ** 2, random.fraction()];
  const latency = () => 3 + 20 * random.fraction() ** 4;
  const value = () => 9000 * random.fraction();
  return {
    memberId: (index * 2_654_435_761).toString(16).slice(-8).toUpperCase().padStart(8, '0'),
    transactions: 4,
    imputedValues: 0,
    features: {
      AVG_POINTS_BOUGHT: value(),
      AVG_REVENUE_USD: value(),
      LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: value(),
      LAST_3_TRANSACTIONS_AVG_REVENUE_USD: value(),
      PCT_BUY_TRANSACTIONS: 1 / 3,
      PCT_GIFT_TRANSACTIONS: 1 / 3,
      PCT_REDEEM_TRANSACTIONS: 1 / 3,
      DAYS_SINCE_LAST_TRANSACTION: random.whole(0, 900),
    },
    outcome: { status: 'SCORED', ats, resp, offer: ats * resp >= 200 ? 'OFFER_2' : 'OFFER_1' },
    latency: { ...mapReferenceCalls(latency), total: 2 * latency() },
    attempts: mapReferenceCalls(() => 1),
  };
}
