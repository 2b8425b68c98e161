import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';

const count = z.int().nonnegative();

export const requestCountsSchema = z.object({ writes: count, reads: count });
/** Requests to S3 as they are charged: `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. DELETE is free. */
export type RequestCounts = z.infer<typeof requestCountsSchema>;

const READS = ['GetObjectCommand', 'HeadObjectCommand'];
const FREE = ['DeleteObjectCommand', 'AbortMultipartUploadCommand'];

/**
 * The same client, which counts what is sent with it, parts of uploads included. An attempt that S3 answers with an
 * error and that is made again counts each time.
 */
export function countingClient(s3: S3Client, counts: RequestCounts): S3Client {
  const middlewareStack = s3.middlewareStack.clone();
  // Behind what makes attempts again.
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!FREE.includes(commandName)) counts[READS.includes(commandName) ? 'reads' : 'writes'] += 1;
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  );
  // It shares connections, credentials and all else.
  return Object.create(s3, { middlewareStack: { value: middlewareStack } });
}

/** Both taken together. */
export function sumOfCounts(some: RequestCounts, others: RequestCounts): RequestCounts {
  return { writes: some.writes + others.writes, reads: some.reads + others.reads };
}

/** What has been counted since an earlier count. */
export function countsSince(earlier: RequestCounts, later: RequestCounts): RequestCounts {
  return { writes: later.writes - earlier.writes, reads: later.reads - earlier.reads };
}
