import { type PutObjectCommandInput, S3ServiceException } from '@aws-sdk/client-s3';
import { statusOf } from './s3-client.ts';

/** The state of an object when it was read: its ETag without quotes, or undefined when there was no object. */
export type Seen = string | undefined;

/** The value of a JSON object in the bucket, and its state when it was read. */
export type SeenJson<T> = { value: T; seen: string } | { value: undefined; seen: undefined };

/** The condition of a write: the object has not changed since it was read. */
export interface Condition {
  seen: Seen;
  /** Metadata for the written object. Another writer whose condition fails reads it with a HEAD request. */
  metadata?: Record<string, string>;
}

/** An object has changed since it was read, so it was not overwritten. */
export class ObjectChangedError extends Error {
  override name = 'ObjectChangedError';
  readonly key: string;

  constructor(bucket: string, key: string) {
    super(`s3://${bucket}/${key} has been written by another in the meantime`);
    this.key = key;
  }
}

const PRECONDITION_FAILED = 412;
const CONFLICT = 409;

/** How often a conditional write is tried when it collides with another. */
const ATTEMPTS = 5;

/**
 * The parameters of S3's write requests for a condition; none without a condition, so that they write in any case.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function conditionOf(
  condition?: Condition,
): Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch' | 'Metadata'> {
  if (condition === undefined) return {};
  const { seen, metadata } = condition;
  return {
    ...(seen === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${seen}"` }),
    ...(metadata && { Metadata: metadata }),
  };
}

/**
 * Makes a conditional write, and repeats it when it collides with another.
 *
 * @param attempts 1 for a write that cannot be repeated
 * @returns whether the object was written; `false` when it has changed since it was read
 * @throws any other error of S3, and the collision if the last attempt collides, too
 */
export async function isWritten(write: () => Promise<unknown>, attempts = ATTEMPTS): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return true;
    } catch (error) {
      if (isChanged(error)) return false;
      // S3 answers 409 while another conditional write to the key is in progress: who wins is not known yet.
      if (statusOf(error) !== CONFLICT || attempt === attempts) throw error;
    }
  }
}

function isChanged(error: unknown): boolean {
  // The object was deleted. A missing bucket or multipart upload is a 404, too, but is no matter of the condition.
  const isGone = error instanceof S3ServiceException && error.name === 'NoSuchKey';
  return isGone || statusOf(error) === PRECONDITION_FAILED;
}
