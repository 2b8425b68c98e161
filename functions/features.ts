import * as z from 'zod';
import { MARK } from '../lib/left-behind.ts';
import type { ObjectCreated } from '../lib/run/object-created.ts';
import { startsRun, uploadKind } from '../lib/run/upload-kinds.ts';
import type { Batching } from '../lib/stages/features/batches.ts';
import { prepareRun } from '../lib/stages/features/prepare-run.ts';
import { DEFAULT_LIMITS, type FileLimits, memberBytesOf } from '../lib/transactions/limits.ts';
import { memoryMb, optional, parseEnvironment } from './environment.ts';
import { partners } from './partners.ts';
import { stageHandler } from './stage.ts';

const limit = z.coerce.number().int().positive();

const environment = parseEnvironment({
  MIN_BATCH_SIZE: limit,
  MAX_BATCHES: limit,
  MAX_BATCH_SIZE: optional(limit),
  MAX_FILE_BYTES: optional(limit),
  MAX_COLUMNS: optional(limit),
  // The function needs several times as much memory.
  MAX_LINE_BYTES: optional(limit.max(16 * 1024 * 1024)),
  // A Map cannot hold more.
  MAX_MEMBERS: optional(limit.max(2 ** 24)),
});

const limits: FileLimits = {
  ...DEFAULT_LIMITS,
  fileBytes: environment.MAX_FILE_BYTES ?? DEFAULT_LIMITS.fileBytes,
  columns: environment.MAX_COLUMNS ?? DEFAULT_LIMITS.columns,
  lineBytes: environment.MAX_LINE_BYTES ?? DEFAULT_LIMITS.lineBytes,
  members: environment.MAX_MEMBERS ?? DEFAULT_LIMITS.members,
  memberBytes: memberBytesOf(memoryMb),
};

const batching: Batching = {
  minBatchSize: environment.MIN_BATCH_SIZE,
  maxBatches: environment.MAX_BATCHES,
  maxBatchSize: environment.MAX_BATCH_SIZE,
};

/** Reads an uploaded file and writes its members with their features as batches. */
export const handler = stageHandler(
  'features',
  async (bucket, { created: upload }) => {
    const { runId, rows, members, batches, reason } = await prepareRun(bucket, upload, batching, {
      partners,
      limits,
      memoryMb,
    });
    return {
      // The reason may quote the file; it is in the report.
      outcome: { runId, rows, members, batches, isUsable: reason === undefined },
      metrics: { RowsRead: rows.read, RowsRejected: rows.rejected },
    };
  },
  reasonToPass,
);

/** Why an object below `uploads/` starts no run; undefined when it does. */
function reasonToPass(upload: ObjectCreated): string | undefined {
  if (startsRun(upload)) return undefined;
  return uploadKind(upload) === 'part' ? `it is a part, which waits for ${MARK}` : 'it is no file of transactions';
}
