import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Requests } from './usage.ts';

const READS = ['GetObjectCommand', 'HeadObjectCommand'];
const FREE = ['DeleteObjectCommand', 'AbortMultipartUploadCommand'];

/**
 * The same client, which counts what is sent with it, parts of uploads included. An attempt that S3 answers with an
 * error and that is made again counts each time.
 */
export function countingClient(s3: S3Client, requests: S3Requests): S3Client {
  const middlewareStack = s3.middlewareStack.clone();
  // Behind what makes attempts again.
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!FREE.includes(commandName)) requests[READS.includes(commandName) ? 'reads' : 'writes'] += 1;
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'countRequests' },
  );
  // It shares connections, credentials and all else.
  return Object.create(s3, { middlewareStack: { value: middlewareStack } });
}
