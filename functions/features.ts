import * as z from 'zod';
import { prepareRun } from '../lib/stages/features.ts';
import { DEFAULT_LIMITS, type FileLimits, memberBytesOf } from '../lib/transactions/limits.ts';
import { memoryMb, parseEnvironment } from './environment.ts';
import { stageHandler } from './stage.ts';

const limit = z.coerce.number().int().positive();

const environment = parseEnvironment({
  MIN_BATCH_SIZE: z.coerce.number().int().positive(),
  MAX_BATCHES: z.coerce.number().int().positive().max(1000),
  MAX_FILE_BYTES: limit.default(DEFAULT_LIMITS.fileBytes),
  MAX_COLUMNS: limit.default(DEFAULT_LIMITS.columns),
  // Several times as much is held in memory.
  MAX_LINE_BYTES: limit.max(16 * 1024 * 1024).default(DEFAULT_LIMITS.lineBytes),
  // As many as a Map can hold.
  MAX_MEMBERS: limit.max(2 ** 24).default(DEFAULT_LIMITS.members),
});

const limits: FileLimits = {
  ...DEFAULT_LIMITS,
  fileBytes: environment.MAX_FILE_BYTES,
  columns: environment.MAX_COLUMNS,
  lineBytes: environment.MAX_LINE_BYTES,
  members: environment.MAX_MEMBERS,
  memberBytes: memberBytesOf(memoryMb),
};

/** Reads an uploaded CSV and writes its members with their features as batches. */
export const handler = stageHandler('features', async (bucket, { created: { createdAt, ...object } }) => {
  const upload = { ...object, uploadedAt: createdAt };
  const batching = { minBatchSize: environment.MIN_BATCH_SIZE, maxBatches: environment.MAX_BATCHES };
  const { runId, rows, members, batches, reason } = await prepareRun(bucket, upload, batching, { limits, memoryMb });
  return {
    // The reason may quote the file; it is in the report.
    outcome: { runId, rows, members, batches, isUsable: reason === undefined },
    metrics: { RowsRead: rows.read, RowsRejected: rows.rejected },
  };
});
