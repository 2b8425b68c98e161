import * as z from 'zod';
import { costSchema } from '../cost/usage.ts';
import { callsShape } from '../partners/definition.ts';
import { mapNames } from '../registry.ts';
import { stepSchema } from '../timing/step-timer.ts';
import { PHASES } from '../timing/steps.ts';
import { lossesSchema, rowCountsSchema } from '../transactions/row-account.ts';
import { understoodSchema } from '../transactions/understood.ts';
import { failureSchema, instant, milliseconds, numbersByName, runSchema, wholeNumber } from './contracts.ts';
import { OUTPUTS_BESIDE_SUMMARY } from './outputs.ts';

/** The summary of a run, `summary.json`, and the record of a round's end. */

const countsByName = numbersByName((value) => wholeNumber.safeParse(value).success, 'counts');

const spreadSchema = z.object({
  min: z.number(),
  lowerQuartile: z.number(),
  median: z.number(),
  upperQuartile: z.number(),
  max: z.number(),
});
/** The distribution of values. Quartiles are interpolated between neighbours, like those of `QUARTILE.INC`. */
export type Spread = z.infer<typeof spreadSchema>;

const rangeSchema = z.object({ from: z.number().optional(), to: z.number().optional() });

const outOfRangeSchema = z.object({
  /** Name of the model. */
  prediction: z.string(),
  expected: rangeSchema,
  members: wholeNumber,
  /** The lowest of these members' predictions. */
  lowest: z.number(),
  highest: z.number(),
});
/** Predictions outside of their expected range. The members do not fail, but the report points the predictions out. */
export type OutOfRange = z.infer<typeof outOfRangeSchema>;

const boundarySchema = z.object({
  below: z.string(),
  above: z.string(),
  /** The highest expected value that got the offer below, and the lowest that got the one above. */
  highestBelow: z.number(),
  lowestAbove: z.number(),
  /** Members of either offer whose expected value is within a tenth of the boundary's middle. */
  near: wholeNumber,
  /** Members on the wrong side: where the offers overlap, no threshold on the expected value tells them apart. */
  overlapping: wholeNumber,
});
/** Where one offer ends and the next begins on the scale of the expected value, as observed. */
export type Boundary = z.infer<typeof boundarySchema>;

const phaseSchema = z.object({ phase: z.enum(PHASES), durationMs: milliseconds });
/** One of the phases from the upload to the report, which follow each other. */
export type Phase = z.infer<typeof phaseSchema>;

const rate = z.number().nonnegative().optional();

const requestsSchema = z.object({
  /** All requests sent, retries included, in all rounds. */
  sent: wholeNumber,
  retries: wholeNumber,
  /** Rows in all these requests, each of which is one member's; absent before contract 5: then each had one row. */
  rows: wholeNumber.optional(),
  /** Over the wall clock of the step of this name; both absent before contract 5, and when nothing was timed. */
  requestsPerSecond: rate,
  rowsPerSecond: rate,
  /** Members whose call failed for good. */
  failed: wholeNumber,
});
/** What was sent to an endpoint. */
export type Requests = z.infer<typeof requestsSchema>;

export const NO_REQUESTS: Readonly<Requests> = { sent: 0, retries: 0, failed: 0 };

export const editionSchema = z.object({
  round: z.int().positive(),
  /** When the object that started the report was stored. */
  completedAt: instant,
  /** An id that all attempts at one event share. */
  writtenBy: z.string(),
  /** Set when the report could not be written, so that this summary is its only file. */
  failed: z.literal(true).optional(),
});
/** Which report of its run this is: a later one replaces it, an earlier one does not. */
export type Edition = z.infer<typeof editionSchema>;

export const summarySchema = runSchema.extend({
  status: z.enum(['COMPLETE', 'PARTIAL', 'FAILED']),
  reason: z.string().optional(),
  /** By which the file was read, see `Partner`; absent before contract 3, and when nothing was read. */
  partnerFile: z.object({ file: z.string(), digest: z.string() }).optional(),
  rows: rowCountsSchema,
  /** What members lack because rows were rejected; absent when none was, and in summaries of older versions. */
  losses: lossesSchema.optional(),
  /** The share of rows that may be rejected, 0 to 1; absent in runs that had no such limit. */
  maxRejectedShare: z.number().optional(),
  /** How the file was read; absent in summaries of older versions, and when nothing was read. */
  understood: understoodSchema.optional(),
  /** Rejected rows by problem, the most frequent first. */
  rejections: z.array(z.object({ problem: z.string(), rows: wholeNumber })),
  members: z.object({ total: wholeNumber, scored: wholeNumber, failed: wholeNumber }),
  /** Members per offer; when there are very many offers, only of the offers that most members have. */
  offers: countsByName,
  /** How many offers are left out of `offers`, and how many members have one of these; absent when none is left out. */
  otherOffers: z.object({ offers: wholeNumber, members: wholeNumber }).optional(),
  /** What was called, as the partner's file said when the run began; absent before contract 4. */
  definition: callsShape.optional(),
  /** The distribution of each model's predictions over the scored members; absent when no member was scored. */
  predictions: z.record(z.string(), spreadSchema).optional(),
  /** Predictions outside of what is expected of them; absent when there are none. */
  outOfRange: z.array(outOfRangeSchema).optional(),
  /** Between the offers in the order of their median expected value. */
  boundaries: z.array(boundarySchema),
  /** Requests by call. */
  requests: z.record(z.string(), requestsSchema),
  /** Calls that failed for good by endpoint and HTTP status, the most frequent first, each with one message. */
  failures: z.array(
    failureSchema.pick({ step: true, status: true }).extend({ calls: wholeNumber, example: z.string() }),
  ),
  /** From the upload until the report was written, without its tables about the run itself. */
  elapsedMs: milliseconds,
  /** The parts of that time, in order. */
  phases: z.array(phaseSchema),
  steps: z.array(stepSchema),
  /** Absent where the functions' memory is not known. */
  cost: costSchema.optional(),
  startedAt: instant,
  finishedAt: instant,
  /** Keys of the other outputs, see `outputKey`; an older version of the service lacks some of today's outputs. */
  outputs: z.object(mapNames(OUTPUTS_BESIDE_SUMMARY, () => z.string())).partial(),
  /** Absent in summaries of older versions. */
  edition: editionSchema.optional(),
});
/** The summary of a run, which is `summary.json` beside the workbook. */
export type Summary = z.infer<typeof summarySchema>;

/** The outcome of a round that has ended and been notified. */
export const endSchema = summarySchema.pick({ version: true, status: true, members: true });
export type End = z.infer<typeof endSchema>;
