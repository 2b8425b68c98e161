import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';

const count = z.int().nonnegative();

export const requestCountsSchema = z.object({ writes: count, reads: count });
/** Requests to S3 by price: `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. DELETE is free. */
export type RequestCounts = z.infer<typeof requestCountsSchema>;

const READS = ['GetObjectCommand', 'HeadObjectCommand'];
const FREE = ['DeleteObjectCommand', 'AbortMultipartUploadCommand'];

/**
 * A copy of a client that counts its requests, including the parts of uploads. Each attempt at a request counts.
 */
export function countingClient(s3: S3Client, counts: RequestCounts): S3Client {
  const middlewareStack = s3.middlewareStack.clone();
  // After the SDK's retry middleware, so that each attempt passes here.
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!FREE.includes(commandName)) counts[READS.includes(commandName) ? 'reads' : 'writes'] += 1;
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  );
  // The copy shares connections, credentials and everything else with the client.
  return Object.create(s3, { middlewareStack: { value: middlewareStack } });
}

export function sumOfCounts(one: RequestCounts, other: RequestCounts): RequestCounts {
  return { writes: one.writes + other.writes, reads: one.reads + other.reads };
}

/** What has been counted since an earlier count. */
export function countsSince(earlier: RequestCounts, later: RequestCounts): RequestCounts {
  return { writes: later.writes - earlier.writes, reads: later.reads - earlier.reads };
}
