import { type PutObjectCommandInput, S3ServiceException } from '@aws-sdk/client-s3';
import { statusOf } from './s3-client.ts';

/** The state in which an object was seen: its ETag without quotes, or undefined when there was none. */
export type Seen = string | undefined;

/** What an object of JSON held, and the state in which it was seen. */
export type SeenJson<T> = { value: T; seen: string } | { value: undefined; seen: undefined };

/** Under which a write takes place: the object still is as it was seen. */
export interface Condition {
  seen: Seen;
  /** What a HEAD is to tell whoever finds that it is not. */
  metadata?: Record<string, string>;
}

/** An object is not as it was seen, so that nothing was written over it. */
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

/** How often a conditional write that collided with another is tried. */
const ATTEMPTS = 5;

/**
 * A condition as S3's requests to write have it; without one they write in any case.
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
 * Makes a conditional write, and makes it again when it collided with another.
 *
 * @param attempts 1 for a write that cannot be made again
 * @returns whether it was written; `false` when the object is not as it was seen
 * @throws what else S3 answers, at last the collision too
 */
export async function isWritten(write: () => Promise<unknown>, attempts = ATTEMPTS): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return true;
    } catch (error) {
      if (isChanged(error)) return false;
      // S3 answers 409 while another conditional write to the key is under way: then it is not known who won.
      if (statusOf(error) !== CONFLICT || attempt === attempts) throw error;
    }
  }
}

function isChanged(error: unknown): boolean {
  // Of what was deleted. A bucket or an upload that is not there is a 404 as well, but no matter of the condition.
  const isGone = error instanceof S3ServiceException && error.name === 'NoSuchKey';
  return isGone || statusOf(error) === PRECONDITION_FAILED;
}
