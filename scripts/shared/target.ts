import { resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { checkBucketName } from '../../local/deployment/bucket-name.ts';
import type { LocalS3 } from '../../local/s3/server.ts';
import { readStack, type Stack } from '../../local/stack.ts';
import { CommandError, fromEnvironment } from './command.ts';

/** Where files are dropped. */
export interface Target {
  /** For messages. */
  name: string;
  s3: S3Client;
  bucket: string;
  /** The command that resumes a run there; undefined when the target ends with this command. */
  resumeCommand?: ((runId: string) => string) | undefined;
  /** The pause between two looks at the bucket, milliseconds. */
  pollMs: number;
  /** @throws CommandError when the target has ended, so that it cannot process the file */
  assertAlive(): void;
}

/**
 * A deployed bucket, with the credentials and the region that the AWS tools on this machine use.
 * @throws CommandError when this is not a possible name of a bucket
 */
export function deployedTarget(bucket: string): Target {
  // Instead of a bucket's name, S3 also accepts the ARN of an access point.
  if (!bucket.startsWith('arn:')) fromEnvironment(() => checkBucketName(bucket));
  return {
    name: `bucket ${bucket}`,
    s3: new S3Client({}),
    bucket,
    resumeCommand: (runId) => `npm run resume -- ${runId} --bucket ${bucket}`,
    pollMs: 1000,
    assertAlive: () => {},
  };
}

/** The local stack whose state is in a directory. @throws CommandError when none is running */
export function localTarget(stackDirectory: string): Target {
  const stack = stackIn(stackDirectory);
  if (!stack) {
    throw new CommandError(
      `no local stack is running (looked in ${resolve(stackDirectory)}): start one with "npm start", or name a deployed bucket with --bucket`,
    );
  }
  const { endpoint, region, accessKeyId, secretAccessKey } = stack.s3;
  return {
    name: 'the local stack',
    s3: localClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } }),
    bucket: stack.bucket,
    resumeCommand: (runId) => `npm run resume -- ${runId}`,
    pollMs: 200,
    assertAlive: () => {
      const current = stackIn(stackDirectory);
      if (current?.pid !== stack.pid) throw new CommandError('the local stack ended before the run did');
    },
  };
}

/** @returns a client of a local S3. Settings for other AWS endpoints do not apply to it */
export function localClient(s3: Pick<LocalS3, 'endpoint' | 'region' | 'credentials'>): S3Client {
  return new S3Client({ ...s3, forcePathStyle: true, useDualstackEndpoint: false, useFipsEndpoint: false });
}

function stackIn(directory: string): Stack | undefined {
  try {
    return readStack(directory);
  } catch (error) {
    throw new CommandError(
      `cannot understand the state of the local stack in ${resolve(directory)}: restart the stack`,
      {
        cause: error,
      },
    );
  }
}
