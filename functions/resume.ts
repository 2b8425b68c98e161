import * as z from 'zod';
import { resumeRun } from '../lib/stages/resume.ts';
import { reviveStalled } from '../lib/stages/stalled.ts';
import { parseEnvironment } from './environment.ts';
import { eventHandler } from './stage.ts';

const MS_PER_MINUTE = 60_000;

const environment = parseEnvironment({
  BUCKET: z.string().min(1),
  STALLED_AFTER_MINUTES: z.coerce.number().positive(),
  WINDOW_HOURS: z.coerce.number().positive(),
});

/** By hand `{ "runId": "…" }`; what a schedule sends has other fields, which mean nothing here. */
const eventSchema = z.object({ runId: z.string().min(1).optional() });

/** Makes a run go on, its failed members included; without one, all runs that have stopped and uploads that got lost. */
export const handler = eventHandler(eventSchema, async (bucketOf, { runId }) => {
  const bucket = bucketOf(environment.BUCKET);
  if (runId !== undefined) return { uploads: [], runs: [await resumeRun(bucket, runId, { retryFailed: true })] };
  const stalledAfterMs = environment.STALLED_AFTER_MINUTES * MS_PER_MINUTE;
  const windowMs = environment.WINDOW_HOURS * 60 * MS_PER_MINUTE;
  return reviveStalled(bucket, { stalledAfterMs, windowMs }, Date.now());
});
