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
 * By hand `{ "runId": "…" }`, and with `"now": true` although something has happened in the run lately; what a schedule
 * sends has other fields, which mean nothing here.
 */
const eventSchema = z.object({ runId: z.string().min(1).optional(), now: z.boolean().default(false) });

/** Makes a run go on, its failed members included; without one, all runs that have stopped and uploads that got lost. */
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
  // Also when there are none: whoever watches over it learns that somebody has looked.
  logDone({ outcome: { uploads, runs: runs.length }, metrics: { RunsOverdue: overdue + problems.length } });
  return { uploads, runs, problems: problems.map(({ subject, error }) => `${subject}: ${error}`) };
});
