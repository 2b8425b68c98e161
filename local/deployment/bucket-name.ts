const LEAST = 3;
const MOST = 63;

const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  const isLongEnough = name.length >= LEAST && name.length <= MOST;
  return isLongEnough && NAME.test(name) && !name.includes('..') && !IP_ADDRESS.test(name) && !RESERVED.test(name);
}

/**
 * Checks that S3 allows a bucket of this name. The local stack checks it, too, so that a name which works there also
 * works on AWS.
 *
 * @throws Error that names the bucket and says what its name must be like
 */
export function checkBucketName(name: string): void {
  if (isBucketName(name)) return;
  throw new Error(
    `No bucket can be called "${name}", see BUCKET: ${LEAST} to ${MOST} lower-case letters, digits, hyphens and single ` +
      'dots, a letter or digit first and last; no IP address, and no beginning or end that AWS keeps for itself.',
  );
}
