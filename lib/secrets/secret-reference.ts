import * as z from 'zod';
import type { ReadOptions } from './read-options.ts';

/** ARN of a secret in Secrets Manager, or of a parameter in Parameter Store. It says where something secret is. */
export const referenceSchema = z
  .string()
  .regex(
    /^arn:[\w-]+:(?:secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/)[\w/+=.@-]+$/,
    'must be the ARN of a secret in Secrets Manager or of a parameter in Parameter Store',
  );

/** Somebody waits who has a deadline. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

/**
 * Reads the text that a reference stands for. The client is loaded with the first reading, because most of a function's
 * start is loading. Like any client of AWS it asks `AWS_ENDPOINT_URL_SECRETS_MANAGER` or `AWS_ENDPOINT_URL_SSM` instead
 * when these are set.
 *
 * @param reference as `referenceSchema` has it
 * @throws the service's errors
 */
export async function readReference(reference: string): Promise<string> {
  const [, , service, region = ''] = reference.split(':');
  const options: ReadOptions = { region, requestHandler: TIMEOUTS };
  if (service === 'ssm') return (await import('./parameter-store.ts')).readParameter(reference, options);
  return (await import('./secrets-manager.ts')).readSecret(reference, options);
}
