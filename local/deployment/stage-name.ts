/** The bucket's name is the longest: `member-offers-<stage>-<account>-<region>`, 14 + 21 + 1 + 12 + 1 + 14 characters. */
const LONGEST = 21;

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Checks a stage's name, because the names of its buckets are made of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws Error that names the stage and says what its name must be like
 */
export function checkStageName(stage: string): void {
  if (NAME.test(stage) && stage.length <= LONGEST) return;
  throw new Error(
    `The stage cannot be called "${stage}", because the names of its buckets are made of it: ` +
      `lower-case letters, digits and hyphens between them, ${LONGEST} characters at the most.`,
  );
}
