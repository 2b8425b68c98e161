import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Batching } from '../lib/stages/features/batches.ts';
import { hasCode, isAlive } from './process/processes.ts';

/**
 * How a run is cut into batches on one machine: enough to keep every core busy, and few, because each costs an
 * invocation and requests to S3, which take the cores that score.
 */
export const LOCAL_BATCHING: Batching = { minBatchSize: 500, maxBatches: 24 };

const stackSchema = z.object({
  /** The process that runs the stack. */
  pid: z.int().positive(),
  bucket: z.string(),
  s3: z.object({ endpoint: z.url(), region: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }),
  /** The full address of each of the three endpoints. */
  endpoints: z.object({ ats: z.url(), resp: z.url(), offer: z.url() }),
  /** Where the headers for them are to be had, when they want any; not the headers. */
  secrets: z.object({ endpoint: z.url(), reference: z.string() }).optional(),
});

/** What others need to know of a running local stack: where it listens and how to sign in. */
export type Stack = z.infer<typeof stackSchema>;

/** The directory of the local stack: its bucket and its state file. `STACK_DIR`, by default `.local`. */
export function stackDirectory(): string {
  return resolve(process.env.STACK_DIR || '.local');
}

/**
 * The stack that runs in this directory; undefined when none does, also when one was killed and left its file behind.
 *
 * @throws when the state file is there but is not one
 */
export function readStack(directory = stackDirectory()): Stack | undefined {
  const text = readIfThere(stateFile(directory));
  if (text === undefined) return undefined;
  const stack = stackSchema.parse(JSON.parse(text));
  return isAlive(stack.pid) ? stack : undefined;
}

/** Announces the stack to other processes. They never see half a file. */
export function writeStack(stack: Stack, directory = stackDirectory()): void {
  mkdirSync(directory, { recursive: true });
  const beside = `${stateFile(directory)}.${process.pid}`;
  // Whoever has its keys can read the bucket and start runs.
  writeFileSync(beside, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  renameSync(beside, stateFile(directory));
}

export function removeStack(directory = stackDirectory()): void {
  rmSync(stateFile(directory), { force: true });
}

/** What somebody may have set for work on AWS, in the shell or a profile, and what leads past an address of one's own. */
export const NOT_AWS = {
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
};

/** The environment variables with which the functions, and any AWS client, work against the stack. */
export function stackEnvironment(stack: Stack): Record<string, string> {
  return {
    // As in Lambda, where log lines tell of cold starts when it says so.
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...NOT_AWS,
    AWS_ENDPOINT_URL_S3: stack.s3.endpoint,
    AWS_REGION: stack.s3.region,
    AWS_ACCESS_KEY_ID: stack.s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.s3.secretAccessKey,
    BUCKET: stack.bucket,
    ATS_URL: stack.endpoints.ats,
    RESP_URL: stack.endpoints.resp,
    OFFER_URL: stack.endpoints.offer,
    ...(stack.secrets === undefined ? {} : { AWS_ENDPOINT_URL_SECRETS_MANAGER: stack.secrets.endpoint }),
    ENDPOINT_HEADERS_REF: stack.secrets?.reference ?? '',
    // There is no SNS here.
    NOTIFY_TOPIC: '',
    MIN_BATCH_SIZE: process.env.MIN_BATCH_SIZE || String(LOCAL_BATCHING.minBatchSize),
    MAX_BATCHES: process.env.MAX_BATCHES || String(LOCAL_BATCHING.maxBatches),
  };
}

function stateFile(directory: string): string {
  return join(directory, 'stack.json');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
