import * as z from 'zod';
import { resumeRun } from '../lib/stages/resume.ts';
import { reviveStalled } from '../lib/stages/stalled.ts';
import { parseEnvironment } from './environment.ts';
import { logger } from './observation/log.ts';
import { bucketOf, eventHandler, logDone } from './stage.ts';

const MS_PER_MINUTE = 60_000;

const environment = parseEnvironment({
  BUCKET: z.string().min(1),
  STALLED_AFTER_MINUTES: z.coerce.number().positive(),
  WINDOW_HOURS: z.coerce.number().positive(),
});

/** By hand `{ "runId": "…" }`; what a schedule sends has other fields, which mean nothing here. */
const eventSchema = z.object({ runId: z.string().min(1).optional() });

/** Makes a run go on, its failed members included; without one, all runs that have stopped and uploads that got lost. */
export const handler = eventHandler(eventSchema, async ({ runId }) => {
  const bucket = bucketOf(environment.BUCKET);
  if (runId !== undefined) {
    logger.appendKeys({ runId });
    const resumed = await resumeRun(bucket, runId, { retryFailed: true });
    logDone({ outcome: resumed });
    return { uploads: [], runs: [resumed] };
  }
  const stalledAfterMs = environment.STALLED_AFTER_MINUTES * MS_PER_MINUTE;
  const windowMs = environment.WINDOW_HOURS * 60 * MS_PER_MINUTE;
  const { uploads, runs, overdue } = await reviveStalled(bucket, { stalledAfterMs, windowMs }, Date.now());
  for (const run of runs) logger.warn('resumed', { ...run });
  // Also when there are none: whoever watches over it learns that somebody has looked.
  logDone({ outcome: { uploads, runs: runs.length }, metrics: { RunsOverdue: overdue } });
  return { uploads, runs };
});
