import * as z from 'zod';
import { resumeRun } from '../lib/stages/resume/resume-run.ts';
import { reviveStalled } from '../lib/stages/resume/stalled.ts';
import { parseEnvironment } from './environment.ts';
import { logger } from './observation/log.ts';
import { bucketOf, eventHandler, logDone } from './stage.ts';

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;

const environment = parseEnvironment({
  BUCKET: z.string().min(1),
  STALLED_AFTER_MINUTES: z.coerce.number().positive(),
  WINDOW_HOURS: z.coerce.number().positive(),
  EVENT_SECONDS: z.coerce.number().positive(),
});

/**
 * A person sends `{ "runId": "…" }`, with `"now": true` to resume the run even if it was active recently. The events of
 * the schedule have other fields, which are ignored.
 */
const eventSchema = z.object({ runId: z.string().min(1).optional(), now: z.boolean().default(false) });

/** Resumes one run with its failed members, or without a run id, all stopped runs and all uploads that started none. */
export const handler = eventHandler(eventSchema, async ({ runId, now }) => {
  const bucket = bucketOf(environment.BUCKET);
  const time = Date.now();
  const stalledAfterMs = environment.STALLED_AFTER_MINUTES * MS_PER_MINUTE;
  if (runId !== undefined) {
    logger.appendKeys({ runId });
    const quietSince = now ? Number.POSITIVE_INFINITY : time - stalledAfterMs;
    const resumed = await resumeRun(bucket, runId, { retryFailed: true, quietSince, time });
    logDone({ outcome: resumed });
    return { uploads: [], runs: [resumed], problems: [] };
  }
  const windowMs = environment.WINDOW_HOURS * MS_PER_HOUR;
  const eventLifeMs = environment.EVENT_SECONDS * MS_PER_SECOND;
  const options = { stalledAfterMs, windowMs, eventLifeMs };
  const { uploads, runs, overdue, problems } = await reviveStalled(bucket, options, time);
  for (const run of runs) logger.warn('resumed', { ...run });
  for (const { subject, error } of problems) logger.error('could not be resumed', { subject, error });
  // Logged even when no run is overdue: the alarm needs to know that the schedule still works.
  logDone({ outcome: { uploads, runs: runs.length }, metrics: { RunsOverdue: overdue + problems.length } });
  return { uploads, runs, problems: problems.map(({ subject, error }) => `${subject}: ${error}`) };
});
