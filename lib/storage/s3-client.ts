import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** How often an operation is tried when S3 says that it is overloaded, or does not answer. */
const ATTEMPTS = 5;

/** The client for AWS, or for a local S3 when the standard variable `AWS_ENDPOINT_URL_S3` names one. */
export function createS3Client(): S3Client {
  // A local S3 does not have a host name for each bucket.
  return new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined, maxAttempts: ATTEMPTS });
}

const NOT_FOUND = 404;

/** Whether S3 has answered that the object or the bucket does not exist. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === NOT_FOUND;
}

/** The HTTP status of S3's answer; undefined for an error that is not an answer of S3. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
