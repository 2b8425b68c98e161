import * as z from 'zod';
import type { ReadOptions } from './read-options.ts';

/** ARN of a secret in Secrets Manager or of a parameter in Parameter Store. */
export const referenceSchema = z
  .string()
  .regex(
    /^arn:[\w-]+:(?:secretsmanager:[\w-]+:\d{12}:secret:|ssm:[\w-]+:\d{12}:parameter\/)[\w/+=.@-]+$/,
    'must be the ARN of a secret in Secrets Manager or of a parameter in Parameter Store',
  );

/** Short, because the calling function has a deadline. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

/**
 * Reads the text of a secret or a parameter. The AWS client is loaded at the first read, because most of a function's
 * start is loading. Like any AWS client it uses the addresses in `AWS_ENDPOINT_URL_SECRETS_MANAGER` and
 * `AWS_ENDPOINT_URL_SSM` if they are set.
 *
 * @param reference an ARN that `referenceSchema` accepts
 * @throws the errors of Secrets Manager or Parameter Store
 */
export async function readReference(reference: string): Promise<string> {
  const [, , service, region = ''] = reference.split(':');
  const options: ReadOptions = { region, requestHandler: TIMEOUTS };
  if (service === 'ssm') return (await import('./parameter-store.ts')).readParameter(reference, options);
  return (await import('./secrets-manager.ts')).readSecret(reference, options);
}
