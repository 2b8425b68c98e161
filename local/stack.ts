import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { mapReferenceCalls, REFERENCE, REFERENCE_CALLS } from '../lib/endpoints/reference-calls.ts';
import { hasCode, isAlive } from './process/processes.ts';

const stackSchema = z.object({
  /** The process that runs the stack. */
  pid: z.int().positive(),
  bucket: z.string(),
  s3: z.object({ endpoint: z.url(), region: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }),
  /** The full address of each endpoint of default.yml. */
  endpoints: z.object(mapReferenceCalls(() => z.url())),
  /** The addresses of the examples' services, by environment variable; without those that are set. */
  examples: z.record(z.string(), z.url()).optional(),
  /** Where the headers for them are to be had, when they want any; not the headers. */
  secrets: z.object({ endpoint: z.url(), reference: z.string() }).optional(),
});

/** What other processes need to know of a running local stack: its addresses and keys. */
export type Stack = z.infer<typeof stackSchema>;

/** The directory of the local stack: its bucket and its state file. `STACK_DIR`, by default `.local`. */
export function stackDirectory(): string {
  return resolve(process.env.STACK_DIR || '.local');
}

/**
 * The stack that runs in this directory; undefined when none does, or when one was killed and has left its state file.
 *
 * @throws when the state file cannot be understood
 */
export function readStack(directory = stackDirectory()): Stack | undefined {
  const text = readIfThere(stateFile(directory));
  if (text === undefined) return undefined;
  const stack = stackSchema.parse(JSON.parse(text));
  return isAlive(stack.pid) ? stack : undefined;
}

/** Writes the state file, which announces the stack to other processes. They never see an incomplete file. */
export function writeStack(stack: Stack, directory = stackDirectory()): void {
  mkdirSync(directory, { recursive: true });
  const beside = `${stateFile(directory)}.${process.pid}`;
  // Readable only by this user, because the keys in it give access to the bucket and can start runs.
  writeFileSync(beside, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  renameSync(beside, stateFile(directory));
}

export function removeStack(directory = stackDirectory()): void {
  rmSync(stateFile(directory), { force: true });
}

/** Switches off settings for work on AWS, in the shell or a profile, that would bypass the local addresses. */
export const NOT_AWS = {
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
};

/** The environment variables by which the functions, and any AWS client, find S3 and the endpoints. */
export function addressesIn({
  s3,
  bucket,
  endpoints,
  examples,
}: Pick<Stack, 's3' | 'bucket' | 'endpoints' | 'examples'>) {
  return {
    ...NOT_AWS,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    BUCKET: bucket,
    ...endpointVariables(endpoints),
    ...examples,
  };
}

/** The environment variables with which the functions find the endpoints. */
export function endpointVariables(endpoints: Stack['endpoints']): Record<string, string> {
  return Object.fromEntries(REFERENCE_CALLS.map((call) => [REFERENCE[call].urlVariable, endpoints[call]]));
}

/**
 * The environment variables of the stack's functions that differ from those on AWS.
 *
 * @param presets defaults for variables that are not set
 */
export function stackEnvironment(stack: Stack, presets: Record<string, string>): Record<string, string> {
  const { secrets } = stack;
  return {
    // As on Lambda: log lines show cold starts when this variable says so.
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...addressesIn(stack),
    ...(secrets === undefined ? {} : { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint }),
    ENDPOINT_HEADERS_REF: secrets?.reference ?? '',
    // The local stack has no SNS.
    NOTIFY_TOPIC: '',
    ...Object.fromEntries(Object.entries(presets).map(([name, preset]) => [name, process.env[name] || preset])),
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
