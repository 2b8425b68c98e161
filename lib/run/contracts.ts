import * as z from 'zod';
import { usageSchema } from '../cost/usage.ts';
import type { Features } from '../members/features.ts';
import { callsShape, definitionShape } from '../partners/definition.ts';
import { FIRST_DEFINITION } from '../partners/first-definition.ts';
import { OFFER } from '../partners/labels.ts';
import { spanSchema } from '../timing/clock.ts';
import { stepSchema } from '../timing/step-timer.ts';
import { lossesSchema, rowCountsSchema } from '../transactions/row-account.ts';
import { understoodSchema } from '../transactions/understood.ts';
import { contractVersionSchema, FIRST_CALLS, FIRST_FEATURES } from './contract-version.ts';

/**
 * The objects that the stages hand to each other. Each is parsed with its schema when it is read back, because the
 * bucket is an external source: an object may have been stored by hand or by an older version.
 */

export const milliseconds = z.number().nonnegative();
export const wholeNumber = z.int().nonnegative();

/** A record of numbers under any names. Zod's own record drops the name `__proto__` and takes several times as long. */
export function numbersByName(isNumber: (value: unknown) => boolean, expected: string) {
  return z.custom<Record<string, number>>(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isNumber),
    `Invalid input: expected ${expected} by name`,
  );
}

const featuresSchema: z.ZodType<Features> = numbersByName(Number.isFinite, 'numbers');
export const instant = z.iso.datetime();

/** The calls that a run makes for each member, in order. */
const callNames = z.array(z.string()).default(FIRST_CALLS);

export const runSchema = z.object({
  version: contractVersionSchema,
  runId: z.string(),
  partner: z.string(),
  source: z.object({ bucket: z.string(), key: z.string() }),
  /** Day that features are computed for, `YYYY-MM-DD`, UTC; null when the upload named a day that cannot be read. */
  asOf: z.iso.date().nullable(),
});

/**
 * It has been checked when the run began, perhaps by a version of the service that allowed more. Before contract 4 all
 * partners had the same models and the same offer service. A run that began before there was a limit to rejected rows
 * keeps having none.
 */
const storedDefinitionSchema = z.preprocess((stored) => {
  if (!isObject(stored)) return stored;
  const { models, offer, input } = FIRST_DEFINITION;
  const { maxRejectedShare } = input;
  return {
    ...('models' in stored ? {} : { models, offer }),
    ...stored,
    ...(isObject(stored.input) && { input: { maxRejectedShare, ...stored.input } }),
  };
}, definitionShape);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A partner's definition, the name of the file that says it, and the version of that, see `Partner`. */
const partnerFileSchema = z.object({ file: z.string(), digest: z.string(), definition: storedDefinitionSchema });

const folderPartSchema = z.object({
  key: z.string(),
  etag: z.string(),
  /** Absent where S3 does not say. */
  bytes: wholeNumber.optional(),
});
/** One of the files of a folder that are read as one, as it was when the run began. */
export type FolderPart = z.infer<typeof folderPartSchema>;

export const manifestSchema = runSchema.extend({
  etag: z.string(),
  /**
   * What is read, in order, when the upload closes a folder, or was there to be read; and the parts whose waiting for such
   * an upload the run ends. Absent for a file, and where they are not known.
   */
  parts: z.array(folderPartSchema).optional(),
  /** Why the file could not be used at all; absent when it could. */
  reason: z.string().optional(),
  rows: rowCountsSchema,
  /** What members lack because rows were rejected; absent when none was, and in objects of older versions. */
  losses: lossesSchema.optional(),
  /** How the file was read; absent in objects of older versions. */
  understood: understoodSchema.optional(),
  members: wholeNumber,
  batches: wholeNumber,
  /** Names of the members' features, in the order in which they are sent and listed. */
  features: z.array(z.string()).default(FIRST_FEATURES),
  /** What the run keeps to, whatever is deployed meanwhile; absent before contract 3, and when nothing was read. */
  partnerFile: partnerFileSchema.optional(),
  calls: callNames,
  startedAt: instant,
  /** When all batches were written. */
  finishedAt: instant,
  /** From the upload to the handler that it started. */
  wait: spanSchema,
  steps: z.array(stepSchema),
  usage: usageSchema.optional(),
});
/** What the features stage has read from an upload, and how much it hands on. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * What the features stage decides about an upload before it writes the first batch. The decision holds for all attempts
 * at the upload, because another attempt might find another as-of day or other settings.
 */
export const planSchema = manifestSchema.extend({
  /** Members per batch; the last one may hold fewer. */
  batchSize: wholeNumber,
});
export type Plan = z.infer<typeof planSchema>;

/** Number of the round; may be absent in the first. */
const roundNumber = z.int().positive().optional();

export const roundSchema = runSchema.pick({ version: true, runId: true }).extend({
  round: z.int().min(2),
  /** The batches of the first round that are scored again, in order; none when only the report is written again. */
  of: z.array(z.int().positive()),
  /** How many members have failed in these batches. */
  members: wholeNumber,
  /** An id by which the caller that opened the round recognizes it as its own. */
  openedBy: z.string(),
});
/** What is done again in a run that has ended. */
export type Round = z.infer<typeof roundSchema>;

const memberSchema = z.object({
  memberId: z.string().min(1),
  transactions: z.int().positive(),
  /** How many blank cells were replaced by a default value. */
  imputedValues: wholeNumber,
  /** How many rows of the member were rejected; absent when none was. */
  rejectedRows: z.int().positive().optional(),
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
  /** Whose deployed addresses are called; absent before contract 4. */
  partner: z.string().optional(),
  calls: callNames,
  /** What the run calls, and how, as its partner's file said when it began; absent before contract 4. */
  definition: callsShape.optional(),
  members: z.array(memberSchema),
});
/** A slice of a run's members, in order of first appearance; in a later round, the failed members of one slice. */
export type Batch = z.infer<typeof batchSchema>;

/** Milliseconds per call, each including its retries, and for the member as a whole; none of a call that was not made. */
export interface MemberLatency {
  total: number;
  [call: string]: number | undefined;
}

const latencySchema: z.ZodType<MemberLatency> = z.object({ total: milliseconds }).catchall(milliseconds);

export const failureSchema = z.object({
  /** What can fail for a member: one of its calls, or the predict stage before it makes them. */
  step: z.string(),
  /** HTTP status of the last answer; absent when there was none. */
  status: z.int().optional(),
  /** Requests for this call that the member was in, alone or with others. */
  attempts: wholeNumber,
  message: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Where it is no call that has failed. */
export const PREDICT_STEP = 'predict';

interface Scored {
  status: 'SCORED';
  /** Absent where the partner has no offer service. */
  offer?: string | undefined;
  /** The predictions by the names of their models, see `predictionIn`. */
  [model: string]: unknown;
}

interface Failed {
  status: 'FAILED';
  failures: Failure[];
  /** As many predictions as there are. */
  [model: string]: unknown;
}

/** The outcome of scoring a member: all predictions of the run and the offer, or the known ones and what failed. */
export type Outcome = Scored | Failed;

const outcomeSchema: z.ZodType<Outcome> = z.discriminatedUnion('status', [
  z.object({ status: z.literal('SCORED'), offer: z.string().optional() }).catchall(z.number()),
  z.object({ status: z.literal('FAILED'), failures: z.array(failureSchema).min(1) }).catchall(z.number()),
]);

/** What a model has predicted for a member; undefined when it has not. */
export function predictionIn(outcome: Readonly<Record<string, unknown>>, model: string): number | undefined {
  const value = Object.hasOwn(outcome, model) ? outcome[model] : undefined;
  return typeof value === 'number' ? value : undefined;
}

export const scoredMemberSchema = memberSchema.extend({
  outcome: outcomeSchema,
  latency: latencySchema,
  /** Requests that the member was in, alone or with others, by call; 0 for a call that was not made. */
  attempts: numbersByName((value) => Number.isSafeInteger(value) && Number(value) >= 0, 'counts'),
});
export type ScoredMember = z.infer<typeof scoredMemberSchema>;

/** A scored member has all of its run's predictions, and the offer where there is one to be had. */
function isWhole({ outcome }: ScoredMember, calls: readonly string[]): boolean {
  if (outcome.status === 'FAILED') return true;
  return calls.every((call) => (call === OFFER ? outcome.offer : predictionIn(outcome, call)) !== undefined);
}

const callRequestsSchema = z.object({
  requests: wholeNumber,
  /** Those that were not the first one of their call. */
  retries: wholeNumber,
  /** Rows in all requests together, each of which is one member's. A row that is sent again counts again. */
  rows: wholeNumber,
});
/** What was sent for one call. */
export type CallRequests = z.infer<typeof callRequestsSchema>;

/** What was sent, by call; absent before contract 5, see `requestsOf`. */
const requestsByCall = z.record(z.string(), callRequestsSchema).optional();

/** For each step the first start and the last end, over all invocations that `usage` is of. */
const spansByStep = z.record(z.string(), spanSchema);

export const resultSchema = batchSchema
  .extend({
    members: z.array(scoredMemberSchema),
    /** From the batch object's creation to the handler that it started. */
    wait: spanSchema,
    spans: spansByStep,
    /** The usage of all invocations for this batch, except those that ended before they could store it. */
    usage: usageSchema.optional(),
    /** What the same invocations have sent. */
    requests: requestsByCall,
  })
  .refine(
    ({ calls, members }) => members.every((member) => isWhole(member, calls)),
    'a scored member lacks a prediction',
  );
/** A batch after scoring. */
export type Result = z.infer<typeof resultSchema>;

export const checkpointSchema = batchSchema
  .omit({ members: true, batches: true, partner: true, calls: true, definition: true })
  .extend({
    /** The batch's members that need not be called again, in any order. */
    members: z.array(scoredMemberSchema),
    /** How many invocations in a row have run out of time. */
    continuations: wholeNumber,
    usage: usageSchema.optional(),
    requests: requestsByCall,
    /** Absent in those of older versions. */
    spans: spansByStep.optional(),
  });
/** The part of a result that was finished when a predict invocation ran out of time. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const completionSchema = runSchema
  .pick({ version: true, runId: true })
  .extend({ round: roundNumber, batches: wholeNumber });
/** Says that all results of a round are there. */
export type Completion = z.infer<typeof completionSchema>;
