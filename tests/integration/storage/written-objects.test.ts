import { arrayBuffer, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { FeatureTable } from '../../../lib/members/feature-table.ts';
import { MAX_NUMBER } from '../../../lib/partners/definition.ts';
import { readCheckpoint, writeCheckpoint } from '../../../lib/run/checkpoint.ts';
import { completeIfAllIn } from '../../../lib/run/completion.ts';
import { CONTRACT_VERSION, FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import {
  type Batch,
  batchSchema,
  type Manifest,
  manifestSchema,
  type Result,
  resultSchema,
  type ScoredMember,
  scoredMemberSchema,
} from '../../../lib/run/contracts.ts';
import { batchKey, completionKey, manifestKey, outputKey, progressKey, resultKey } from '../../../lib/run/keys.ts';
import { draftManifest } from '../../../lib/run/manifest.ts';
import { readProgressSchema } from '../../../lib/run/progress.ts';
import { RejectedRowsWriter, readRejectedRows } from '../../../lib/run/rejected-rows.ts';
import { summarySchema } from '../../../lib/run/summary.ts';
import { cutMembers, writeBatches } from '../../../lib/stages/features/batches.ts';
import { ReadProgress } from '../../../lib/stages/features/read-progress.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { MS_PER_DAY, parseDay } from '../../../lib/transactions/cells.ts';
import { RejectedMembers } from '../../../lib/transactions/rejected-members.ts';
import type { Transaction } from '../../../lib/transactions/transaction.ts';
import { mapCalls, mapPredictions } from '../../default-calls.ts';
import { defaultAggregates, type Row, transactionOf } from '../../default-partner.ts';
import { rowsOf } from '../harness/pipeline.ts';
import { Bucket as NAME, useTestBucket } from '../harness/test-bucket.ts';

const local = useTestBucket();
let bucket: Bucket;
beforeAll(() => {
  bucket = new Bucket(local.client, NAME);
});

const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '=1+1;=2', '\ud800', 'a\u2028b', '\u0000', 'null', '</svg>'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);
/** What `JSON.parse` can make of an answer. Zeros have no sign, as JSON has none for them. */
const prediction = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(...[Number.MAX_VALUE, 1e200, 1, 1e-200, Number.MIN_VALUE].flatMap((size) => [size, -size])),
  )
  .map((value) => value + 0);
/** What a cell can hold. */
const amount = fc.oneof(
  fc.constantFrom(MAX_NUMBER, -MAX_NUMBER, Number.MIN_VALUE, 0, -0, 0.1),
  fc.double({ min: -MAX_NUMBER, max: MAX_NUMBER, noNaN: true }),
);
const [firstDay = 0, lastDay = 0] = ['0000-01-01', '9999-12-31'].map(parseDay);
const transaction: fc.Arbitrary<Transaction> = fc
  .record<Row>({
    memberId: name,
    time: fc.integer({ min: firstDay, max: lastDay }).map((day) => day * MS_PER_DAY),
    kind: fc.constantFrom('buy', 'gift', 'redeem', undefined),
    points: amount,
    revenue: amount,
    imputedValues: fc.integer({ min: 0, max: 4 }),
  })
  .map(transactionOf);
const milliseconds = fc.double({ min: 0, max: 1e7, noNaN: true }).map((value) => value + 0);
const scoring: fc.Arbitrary<Pick<ScoredMember, 'outcome' | 'latency' | 'attempts'>> = fc.record({
  outcome: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ status: fc.constant('SCORED'), ...mapPredictions(() => prediction), offer: name }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        status: fc.constant('FAILED'),
        ats: prediction,
        failures: fc.tuple(
          fc.record({ step: fc.constantFrom('resp', 'predict'), attempts: fc.nat(9), message: name }),
          fc.record({
            step: fc.constant('offer'),
            status: fc.constantFrom(99, 500),
            attempts: fc.nat(),
            message: name,
          }),
        ),
      }),
    },
  ),
  latency: fc.record({ ats: milliseconds, total: milliseconds }),
  attempts: fc.record(mapCalls(() => fc.nat(9))),
}) as fc.Arbitrary<Pick<ScoredMember, 'outcome' | 'latency' | 'attempts'>>;
const rejection = fc.record({ line: fc.integer({ min: 1 }), problem: name, reason: name, raw: name });

const run = fc.record({
  transactions: fc.array(transaction, { minLength: 1, maxLength: 12 }),
  scorings: fc.array(scoring, { minLength: 12, maxLength: 12 }),
  rejections: fc.array(rejection, { maxLength: 3 }),
  asOf: fc.integer({ min: firstDay, max: lastDay }),
  partner: fc.constantFrom('__proto__', 'constructor', '=1+1;=2', '<script>', 'Ä "1" %41', '-'),
});

/** Runs that have been made up so far: each has an id of its own. */
let runs = 0;

function manifestOf(partner: string, asOf: number): Manifest {
  const [createdAt, sequencer] = [new Date(Date.UTC(2024, 0, 31) + 1000 * runs++), '1'];
  const upload = { bucket: NAME, key: `uploads/${partner}/a.csv`, etag: 'e', sequencer, createdAt };
  return {
    ...draftManifest(upload, createdAt.getTime() + 100),
    asOf: new Date(asOf * MS_PER_DAY).toISOString().slice(0, 10),
    features: FIRST_FEATURES,
    rows: { read: 9, accepted: 8, rejected: 1, imputed: 3 },
  };
}

/** Writes what the features stage hands on; returns it. */
async function writeMembers(manifest: Manifest, transactions: readonly Transaction[], asOf: number): Promise<Batch> {
  const aggregates = defaultAggregates(asOf);
  for (const one of transactions) aggregates.add(one);
  const table = new FeatureTable(aggregates);
  const rejected = new RejectedMembers();
  Object.assign(manifest, { members: aggregates.size, batches: 1 });
  const plan = { ...manifest, ...cutMembers(aggregates.size, { minBatchSize: 12, maxBatches: 1 }) };
  expect(plan.batches).toBe(1);
  manifest.steps.push(...table.steps, await writeBatches(bucket, plan, { aggregates, table, rejected }));
  const members = aggregates.memberIds.map((memberId, index) => ({
    memberId,
    transactions: aggregates.transactions(index),
    imputedValues: aggregates.imputedValues(index),
    features: table.of(index),
  }));
  const { runId, partner, calls } = manifest;
  return { version: CONTRACT_VERSION, runId, batch: 1, batches: 1, partner, calls, members };
}

async function lines<T>(values: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(values);
}

/** A value as JSON has it: zeros without a sign. */
const withoutSignOfZero = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('whatever a stage can write', () => {
  it('is read back as it was, by every later stage, whatever members, endpoints and files hold', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ transactions, scorings, rejections, asOf, partner }) => {
        const manifest = manifestOf(partner, asOf);
        const { runId } = manifest;
        const batch = await writeMembers(manifest, transactions, asOf);
        expect(await bucket.readJson(batchKey(runId, 1), batchSchema)).toEqual(batch);

        const members = batch.members.map((member, index) => ({ ...member, ...scorings[index] }) as ScoredMember);
        const checkpoint = { runId, batch: 1, members, continuations: 1 };
        await writeCheckpoint(bucket, checkpoint);
        expect(await readCheckpoint(bucket, batch)).toEqual(checkpoint);

        const wait = { from: 1.5, to: 2.25 };
        const result: Result = { ...batch, members, wait, spans: { ats: wait, total: wait } };
        await bucket.createJson(resultKey(runId, 1), result);
        expect(await bucket.readJson(resultKey(runId, 1), resultSchema)).toEqual(result);

        const rejectedRows = new RejectedRowsWriter(bucket, runId);
        if (rejections.length > 0) await rejectedRows.write(rejections);
        await rejectedRows.close();
        if (rejections.length > 0) expect(await lines(readRejectedRows(bucket, runId))).toEqual(rejections);
        manifest.rows.rejected = rejections.length;

        await bucket.createJson(manifestKey(runId), manifest);
        expect(await bucket.readJson(manifestKey(runId), manifestSchema)).toEqual(manifest);
        expect(await completeIfAllIn(bucket, { runId, batches: 1 })).toBe(true);

        const summary = await writeReport(bucket, { key: completionKey(runId), createdAt: new Date() });
        if (summary === undefined) throw new Error('no report');
        const key = outputKey(partner, runId, 'summary');
        expect(await bucket.readJson(key, summarySchema)).toEqual(withoutSignOfZero(summary));
        await expectReadable(summary.outputs, members);
      }),
      { seed: 20_240_131, numRuns: 12, endOnFailure: true },
    );
  });

  it('is read back while a file is read', async () => {
    const { runId, source, etag, rows } = manifestOf('__proto__', 0);
    let time = 0;
    const progress = new ReadProgress(bucket, { runId, source, etag, rows }, () => time);
    const chunks = async function* () {
      time = 1000;
      yield Buffer.from('x');
    };
    await lines(progress.of(chunks()));
    await progress.settled();
    expect(await bucket.readJson(progressKey(runId), readProgressSchema)).toEqual({ source, etag, rows });
  });
});

/** Workbook, page and the files for programs have the same numbers, and none that is no number. */
async function expectReadable(outputs: Record<string, string>, members: readonly ScoredMember[]): Promise<void> {
  const stored = async (output: string) => (await bucket.read(outputs[output] ?? '')).chunks;
  expect(await lines(readJsonLines(await stored('members'), scoredMemberSchema))).toEqual(members);
  const scored = members.flatMap(({ outcome }) => (outcome.status === 'SCORED' ? [outcome] : []));
  const offers: string[][] = parse(await text(await stored('offers')), { from: 2 });
  expect(offers.map(([, , ats, resp]) => [Number(ats), Number(resp)])).toEqual(
    scored.map(({ ats, resp }) => [ats, resp]),
  );
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(await arrayBuffer(await stored('workbook')));
  const rows = rowsOf(workbook.getWorksheet('Members'));
  expect(rows.map(({ ATS_PREDICTION }) => ATS_PREDICTION)).toEqual(members.map(({ outcome }) => outcome.ats));
  expect(rows.map(({ AVG_POINTS_BOUGHT }) => AVG_POINTS_BOUGHT)).toEqual(
    members.map(({ features }) => features.AVG_POINTS_BOUGHT),
  );
  expect(await text(await stored('page'))).not.toMatch(/NaN|Infinity/);
}
