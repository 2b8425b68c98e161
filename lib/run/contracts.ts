import * as z from 'zod';
import { CALLS, mapCalls, mapPredictions, PREDICTIONS } from '../calls.ts';
import { costSchema, usageSchema } from '../cost/usage.ts';
import { mapNames } from '../registry.ts';
import { contractVersionSchema, FIRST_CALLS, FIRST_FEATURES } from './contract-version.ts';
import { OUTPUTS_BESIDE_SUMMARY } from './outputs.ts';

/**
 * The objects that the stages hand to each other. Each is parsed with its schema when it is read back, because the
 * bucket is outside: an object may have been replayed by hand or written by an older version.
 */

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

/** Numbers by names that can be any: zod's own record drops `__proto__`, and takes several times as long. */
function numbersByName(isNumber: (value: unknown) => boolean, expected: string) {
  return z.custom<Record<string, number>>(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isNumber),
    `Invalid input: expected ${expected} by name`,
  );
}

const countsByName = numbersByName((value) => count.safeParse(value).success, 'counts');

/** One member's features by name, in the run's order, unrounded. */
const featuresSchema = numbersByName(Number.isFinite, 'numbers');
export type Features = z.infer<typeof featuresSchema>;
const instant = z.iso.datetime();

/** A stretch of wall clock, milliseconds since the epoch. */
const spanSchema = z.object({ from: z.number(), to: z.number() });
export type Span = z.infer<typeof spanSchema>;

/** How long the observations of one step took. What one observation is, is in `unit`. */
const stepSchema = z.object({
  step: z.string(),
  /** What was timed once per observation: `file`, `member`, `object`, … */
  unit: z.string(),
  count,
  meanMs: milliseconds,
  p50Ms: milliseconds,
  p90Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
  maxMs: milliseconds,
  /** What throughput counts: `rows`, `members`, `objects`. */
  items: z.string(),
  /** Items per second over the step's wall clock. */
  throughputPerSecond: z.number().nonnegative(),
  /** The step's wall clock, from its first start to its last end; absent when nothing was observed. */
  span: spanSchema.optional(),
});
export type Step = z.infer<typeof stepSchema>;

const rowCountsSchema = z.object({ read: count, accepted: count, rejected: count, imputed: count });
export type RowCounts = z.infer<typeof rowCountsSchema>;

/** What a run has called for each member, in order. */
const callNames = z.array(z.string()).default(FIRST_CALLS);

const runSchema = z.object({
  version: contractVersionSchema,
  runId: z.string(),
  partner: z.string(),
  source: z.object({ bucket: z.string(), key: z.string() }),
  /** Day that features are computed for, `YYYY-MM-DD`, UTC; null when the upload named one that cannot be read. */
  asOf: z.iso.date().nullable(),
});

export const manifestSchema = runSchema.extend({
  etag: z.string(),
  /** Why the file could not be used at all; absent when it could. */
  reason: z.string().optional(),
  rows: rowCountsSchema,
  members: count,
  batches: count,
  /** Names of the members' features, in the order in which they are sent and listed. */
  features: z.array(z.string()).default(FIRST_FEATURES),
  calls: callNames,
  startedAt: instant,
  /** When all batches were written. */
  finishedAt: instant,
  /** From the upload to the handler that it started. */
  wait: spanSchema,
  steps: z.array(stepSchema),
  usage: usageSchema.optional(),
});
/** What the features stage read from an upload and how much it hands on. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * What is decided about an upload before its first batch is written, once for all attempts at it: another might read
 * another as-of day, or have other settings.
 */
export const planSchema = manifestSchema.extend({
  /** Members per batch; the last one may hold fewer. */
  batchSize: count,
});
export type Plan = z.infer<typeof planSchema>;

/** How far the reading of an upload has come, while there is no manifest yet. */
export const readProgressSchema = manifestSchema.pick({ source: true, etag: true, rows: true });

export const rejectedRowSchema = z.object({
  /** Line of the file on which the row begins, the header being line 1. */
  line: z.int().positive(),
  /** What is wrong, in words that are the same for every such row, so that rows can be counted by it. */
  problem: z.string(),
  /** What is wrong with this row: the problem, and the cell that has it. */
  reason: z.string(),
  raw: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRowSchema>;

/** May be absent in the first round. */
const roundNumber = z.int().positive().optional();

export const roundSchema = runSchema.pick({ version: true, runId: true }).extend({
  round: z.int().min(2),
  /** The batches of the first round that are done again, in order; none when it is only about the report. */
  of: z.array(z.int().positive()),
  /** How many members have failed in these. */
  members: count,
  /** Tells whoever opened it that it was they. */
  openedBy: z.string(),
});
/** What is done again of a run that had ended. */
export type Round = z.infer<typeof roundSchema>;

const memberSchema = z.object({
  memberId: z.string().min(1),
  transactions: z.int().positive(),
  /** How many blank cells were read as a default. */
  imputedValues: count,
  features: featuresSchema,
});
export type Member = z.infer<typeof memberSchema>;

export const batchSchema = z.object({
  version: contractVersionSchema,
  runId: z.string(),
  round: roundNumber,
  /** Number of this batch, from 1 to `batches`. */
  batch: z.int().positive(),
  batches: z.int().positive(),
  calls: callNames,
  members: z.array(memberSchema),
});
/** A slice of a run's members, in order of first appearance; of a later round, those of one slice that had failed. */
export type Batch = z.infer<typeof batchSchema>;

const latencySchema = z.object({ ...mapCalls(() => milliseconds.optional()), total: milliseconds });

/** What can fail for a member: one of its calls, or the predict stage before it came to them. */
const FAILURE_STEPS = [...CALLS, 'predict'] as const;

const failureSchema = z.object({
  step: z.enum(FAILURE_STEPS),
  /** HTTP status of the last answer; absent when there was none. */
  status: z.int().optional(),
  /** Requests sent for this call. */
  attempts: count,
  message: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

const outcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SCORED'), ...mapPredictions(() => z.number()), offer: z.string() }),
  z.object({
    status: z.literal('FAILED'),
    ...mapPredictions(() => z.number().optional()),
    failures: z.array(failureSchema).min(1),
  }),
]);
/** What scoring a member came to: both predictions and the offer, or as much as there is and what failed. */
export type Outcome = z.infer<typeof outcomeSchema>;

export const scoredMemberSchema = memberSchema.extend({
  outcome: outcomeSchema,
  /** Milliseconds per call, each including its retries, and for the member as a whole. */
  latency: latencySchema,
  /** Requests sent for this member's calls; 0 for a call that was not made. */
  attempts: z.object(mapCalls(() => count)),
});
export type ScoredMember = z.infer<typeof scoredMemberSchema>;

export const resultSchema = batchSchema.extend({
  members: z.array(scoredMemberSchema),
  /** From the batch object's creation to the handler that it started. */
  wait: spanSchema,
  /** For each step the batch's first start and last end. */
  spans: z.object({ ...mapCalls(() => spanSchema), total: spanSchema }).partial(),
  /** Of all invocations that this batch took, as far as they lived to tell. */
  usage: usageSchema.optional(),
});
/** A batch after scoring. */
export type Result = z.infer<typeof resultSchema>;

export const checkpointSchema = batchSchema.omit({ members: true, batches: true, calls: true }).extend({
  /** The batch's members that need not be called again, in any order. */
  members: z.array(scoredMemberSchema),
  /** How many invocations in a row have run out of time. */
  continuations: count,
  usage: usageSchema.optional(),
});
/** As much of a result as there was when a predict invocation ran out of time. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

const failingEndpointSchema = z.object({
  call: z.enum(CALLS),
  /** Without what may be secret. */
  address: z.string(),
  /** What came of the latest request, as `could not be reached: …`. */
  problem: z.string(),
  /** How many have failed in a row. */
  requests: count,
  /** How long it is waited for yet; absent while it has not been found to be down. */
  givenUpInMs: milliseconds.optional(),
});
/** An endpoint that has given nothing but failures lately. */
export type FailingEndpoint = z.infer<typeof failingEndpointSchema>;

export const scoringProgressSchema = z.object({
  /** Members of the batch that scoring is done with, and those of them that have failed. */
  done: count,
  failed: count,
  failing: z.array(failingEndpointSchema),
});
/** How far the scoring of a batch has come, while there is no result yet. */
export type ScoringProgress = z.infer<typeof scoringProgressSchema>;

export const completionSchema = runSchema
  .pick({ version: true, runId: true })
  .extend({ round: roundNumber, batches: count });
/** All results of a round are in. */
export type Completion = z.infer<typeof completionSchema>;

const spreadSchema = z.object({
  min: z.number(),
  lowerQuartile: z.number(),
  median: z.number(),
  upperQuartile: z.number(),
  max: z.number(),
});
/** How values are spread; quartiles as `QUARTILE.INC` has them, interpolated between neighbours. */
export type Spread = z.infer<typeof spreadSchema>;

const rangeSchema = z.object({ from: z.number().optional(), to: z.number().optional() });

const outOfRangeSchema = z.object({
  prediction: z.enum(PREDICTIONS),
  expected: rangeSchema,
  members: count,
  /** Of these members' predictions. */
  lowest: z.number(),
  highest: z.number(),
});
/** Predictions that are not what is expected of them. Nobody fails of that, but somebody should know. */
export type OutOfRange = z.infer<typeof outOfRangeSchema>;

const boundarySchema = z.object({
  below: z.string(),
  above: z.string(),
  /** The highest expected value that got the offer below, and the lowest that got the one above. */
  highestBelow: z.number(),
  lowestAbove: z.number(),
  /** Members of either offer whose expected value is within a tenth of the boundary's middle. */
  near: count,
  /** Members on the wrong side: where the offers overlap, no threshold on the expected value tells them apart. */
  overlapping: count,
});
/** Where one offer ends and the next begins on the scale of the expected value, ATS × RESP, as observed. */
export type Boundary = z.infer<typeof boundarySchema>;

export const PHASES = ['wait features', 'features', 'scoring', 'wait report', 'report'] as const;

const phaseSchema = z.object({ phase: z.enum(PHASES), durationMs: milliseconds });
/** One of the stretches that follow each other from the upload to the report. */
export type Phase = z.infer<typeof phaseSchema>;

const requestsSchema = z.object({
  /** All requests sent, retries included. */
  sent: count,
  retries: count,
  /** Calls that failed for good. */
  failed: count,
});
export type Requests = z.infer<typeof requestsSchema>;

export const editionSchema = z.object({
  round: z.int().positive(),
  /** When the object was stored that started the report. */
  completedAt: instant,
  /** What all attempts at one event have in common. */
  writtenBy: z.string(),
  /** The report could not be written; this summary is all there is. */
  failed: z.literal(true).optional(),
});
/** Which report of its run this is: a later one replaces it, an earlier one does not. */
export type Edition = z.infer<typeof editionSchema>;

export const summarySchema = runSchema.extend({
  status: z.enum(['COMPLETE', 'PARTIAL', 'FAILED']),
  reason: z.string().optional(),
  rows: rowCountsSchema,
  /** Rejected rows by problem, the most frequent first. */
  rejections: z.array(z.object({ problem: z.string(), rows: count })),
  members: z.object({ total: count, scored: count, failed: count }),
  /** Members per offer; where there are very many offers, of those of most members. */
  offers: countsByName,
  /** Offers that are not named, and the members that have one; absent when all are named. */
  otherOffers: z.object({ offers: count, members: count }).optional(),
  /** Over the members that were scored; absent when none was. */
  predictions: z.object(mapPredictions(() => spreadSchema)).optional(),
  /** Predictions outside of what is expected of them; absent when there are none. */
  outOfRange: z.array(outOfRangeSchema).optional(),
  /** Between the offers in the order of their median expected value. */
  boundaries: z.array(boundarySchema),
  requests: z.object(mapCalls(() => requestsSchema)),
  /** Calls that failed for good by endpoint and HTTP status, the most frequent first, each with one message. */
  failures: z.array(failureSchema.pick({ step: true, status: true }).extend({ calls: count, example: z.string() })),
  /** From the upload until the report was written, but for its tables about the run. */
  elapsedMs: milliseconds,
  /** What follows what in that time. */
  phases: z.array(phaseSchema),
  steps: z.array(stepSchema),
  /** Absent where the functions' memory is not known. */
  cost: costSchema.optional(),
  startedAt: instant,
  finishedAt: instant,
  /** Keys of what lies beside this summary. */
  outputs: z.object(mapNames(OUTPUTS_BESIDE_SUMMARY, () => z.string())),
  /** Absent in those of older versions. */
  edition: editionSchema.optional(),
});
/** What a run came to, as `summary.json` beside the workbook. */
export type Summary = z.infer<typeof summarySchema>;

/** What a round came to, once it has ended and been told of. */
export const endSchema = summarySchema.pick({ version: true, status: true, members: true });
export type End = z.infer<typeof endSchema>;
