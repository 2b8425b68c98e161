const LEAST = 3;
const MOST = 63;

const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/**
 * Makes sure that S3 takes a bucket of this name, locally, too: what works here is to work there.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws Error that names the bucket and says what its name must be like
 */
export function checkBucketName(name: string): void {
  const isLongEnough = name.length >= LEAST && name.length <= MOST;
  const isName = NAME.test(name) && !name.includes('..') && !IP_ADDRESS.test(name) && !RESERVED.test(name);
  if (isLongEnough && isName) return;
  throw new Error(
    `No bucket can be called "${name}", see BUCKET: ${LEAST} to ${MOST} lower-case letters, digits, hyphens and single ` +
      'dots, a letter or digit first and last; no IP address, and no beginning or end that AWS keeps for itself.',
  );
}
