import { z } from 'zod';
import { prepareRun } from '../lib/stages/features.ts';
import { parseEnvironment } from './environment.ts';
import { stageHandler } from './stage.ts';

const environment = parseEnvironment({
  MIN_BATCH_SIZE: z.coerce.number().int().positive(),
  MAX_BATCHES: z.coerce.number().int().positive().max(1000),
});

/** Reads an uploaded CSV and writes its members with their features as batches. */
export const handler = stageHandler(async (bucket, { createdAt, ...object }) => {
  const upload = { ...object, uploadedAt: createdAt };
  const batching = { minBatchSize: environment.MIN_BATCH_SIZE, maxBatches: environment.MAX_BATCHES };
  const { runId, rows, members, batches, reason } = await prepareRun(bucket, upload, batching);
  return { runId, rows, members, batches, reason };
});
