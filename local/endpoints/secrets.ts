import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { CredentialsError, parseHeaders } from '../../lib/endpoints/headers.ts';
import { guard, HOST } from '../process/guard.ts';
import { portOf } from '../process/ports.ts';

/** A Secrets Manager on this machine with one secret, which it keeps in memory. */
export interface LocalSecrets {
  endpoint: string;
  /** ARN of the secret. It is random, and a request with any other ARN gets nothing. */
  reference: string;
  close(): void;
}

const VARIABLE = 'ENDPOINT_HEADERS';

const requestSchema = z.object({ SecretId: z.string() });

/**
 * Removes the headers for the endpoints from the environment and returns them, so that functions and processes that are
 * started later do not have them there.
 *
 * @param endpoints ids of those that there may be headers for, see `endpointIdsOf`
 * @returns undefined when there are none
 * @throws when they cannot be used; the message does not quote them
 */
export function takeHeaders(environment: NodeJS.ProcessEnv, endpoints: readonly string[]): string | undefined {
  const text = environment[VARIABLE];
  delete environment[VARIABLE];
  if (!text) return undefined;
  try {
    parseHeaders(text, endpoints);
    return text;
  } catch (error) {
    throw error instanceof CredentialsError ? new Error(`${VARIABLE} cannot be used: ${error.message}.`) : error;
  }
}

/** Serves a secret like AWS, so that functions read it in the same way. The server ends with the process. */
export async function startSecrets(secret: string): Promise<LocalSecrets> {
  const reference = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${randomUUID()}`;
  const server = createServer(async (request, response) => {
    const isAllowed = (await secretIdOf(request)) === reference;
    const answer = isAllowed ? { ARN: reference, SecretString: secret } : { __type: 'ResourceNotFoundException' };
    response.writeHead(isAllowed ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  guard(server).unref().listen(0, HOST);
  await once(server, 'listening');
  return { endpoint: `http://${HOST}:${portOf(server)}`, reference, close: () => server.close() };
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function secretIdOf(request: IncomingMessage): Promise<string | undefined> {
  const body: unknown = await json(request).catch(() => undefined);
  if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return undefined;
  return requestSchema.safeParse(body).data?.SecretId;
}
