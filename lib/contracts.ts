import { z } from 'zod';

/**
 * The objects that the stages hand to each other. Each is parsed with its schema when it is read back, because the
 * bucket is outside: an object may have been replayed by hand or written by an older version.
 */

/** The eight features in the order in which reports and requests list them. */
export const FEATURE_NAMES = [
  'AVG_POINTS_BOUGHT',
  'AVG_REVENUE_USD',
  'LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT',
  'LAST_3_TRANSACTIONS_AVG_REVENUE_USD',
  'PCT_BUY_TRANSACTIONS',
  'PCT_GIFT_TRANSACTIONS',
  'PCT_REDEEM_TRANSACTIONS',
  'DAYS_SINCE_LAST_TRANSACTION',
] as const;

export type FeatureName = (typeof FEATURE_NAMES)[number];

export const featuresSchema = z.object({
  AVG_POINTS_BOUGHT: z.number(),
  AVG_REVENUE_USD: z.number(),
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: z.number(),
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: z.number(),
  PCT_BUY_TRANSACTIONS: z.number(),
  PCT_GIFT_TRANSACTIONS: z.number(),
  PCT_REDEEM_TRANSACTIONS: z.number(),
  DAYS_SINCE_LAST_TRANSACTION: z.number(),
} satisfies Record<FeatureName, z.ZodNumber>);

/** One member's features, unrounded. Shares are 0 to 1, revenue is USD, the last one is whole days. */
export type Features = z.infer<typeof featuresSchema>;

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();
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
  /** Items per second over the wall clock from the step's first start to its last end. */
  throughputPerSecond: z.number().nonnegative(),
});
export type Step = z.infer<typeof stepSchema>;

const rowCountsSchema = z.object({ read: count, accepted: count, rejected: count, imputed: count });
export type RowCounts = z.infer<typeof rowCountsSchema>;

const runSchema = z.object({
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
  startedAt: instant,
  /** From the upload to the handler that it started. */
  wait: spanSchema,
  steps: z.array(stepSchema),
});
/** What the features stage read from an upload and how much it hands on. */
export type Manifest = z.infer<typeof manifestSchema>;

export const rejectedRowSchema = z.object({
  /** Line of the file on which the row begins, the header being line 1. */
  line: z.int().positive(),
  reason: z.string(),
  raw: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRowSchema>;

const memberSchema = z.object({
  memberId: z.string().min(1),
  transactions: z.int().positive(),
  /** How many blank cells were read as a default. */
  imputedValues: count,
  features: featuresSchema,
});
export type Member = z.infer<typeof memberSchema>;

export const batchSchema = z.object({
  runId: z.string(),
  /** Number of this batch, from 1 to `batches`. */
  batch: z.int().positive(),
  batches: z.int().positive(),
  members: z.array(memberSchema),
});
/** A slice of a run's members, in order of first appearance. */
export type Batch = z.infer<typeof batchSchema>;

const latencySchema = z.object({
  ats: milliseconds.optional(),
  resp: milliseconds.optional(),
  offer: milliseconds.optional(),
  total: milliseconds,
});

const outcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SCORED'), ats: z.number(), resp: z.number(), offer: z.string() }),
  z.object({
    status: z.literal('FAILED'),
    ats: z.number().optional(),
    resp: z.number().optional(),
    error: z.string(),
  }),
]);
/** What scoring a member came to: both predictions and the offer, or as much as there is and the error. */
export type Outcome = z.infer<typeof outcomeSchema>;

const scoredMemberSchema = memberSchema.extend({
  outcome: outcomeSchema,
  /** Milliseconds per call, each including its retries, and for the member as a whole. */
  latency: latencySchema,
  /** Requests sent for this member, over all three endpoints. */
  attempts: count,
});
export type ScoredMember = z.infer<typeof scoredMemberSchema>;

export const CALLS = ['ats', 'resp', 'offer'] as const;
export type Call = (typeof CALLS)[number];

export const resultSchema = batchSchema.extend({
  members: z.array(scoredMemberSchema),
  /** From the batch object's creation to the handler that it started. */
  wait: spanSchema,
  /** For each step the batch's first start and last end. */
  spans: z.object({ ats: spanSchema, resp: spanSchema, offer: spanSchema, total: spanSchema }).partial(),
});
/** A batch after scoring. */
export type Result = z.infer<typeof resultSchema>;

export const completionSchema = runSchema.pick({ runId: true }).extend({ batches: count });
export type Completion = z.infer<typeof completionSchema>;

export const summarySchema = runSchema.extend({
  status: z.enum(['COMPLETE', 'PARTIAL', 'FAILED']),
  reason: z.string().optional(),
  rows: rowCountsSchema,
  members: z.object({ total: count, scored: count, failed: count }),
  /** Members per offer. */
  offers: z.record(z.string(), count),
  steps: z.array(stepSchema),
  startedAt: instant,
  finishedAt: instant,
  reportKey: z.string(),
});
/** What a run came to, as `summary.json` beside the workbook. */
export type Summary = z.infer<typeof summarySchema>;
