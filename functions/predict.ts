import { z } from 'zod';
import { createEndpoints } from '../lib/endpoints/endpoints.ts';
import { scoreBatch } from '../lib/stages/predict.ts';
import { parseEnvironment } from './environment.ts';
import { stageHandler } from './stage.ts';

const endpointUrl = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url));

const environment = parseEnvironment({
  ATS_URL: endpointUrl,
  RESP_URL: endpointUrl,
  OFFER_URL: endpointUrl,
  CONCURRENCY: z.coerce.number().int().positive(),
  TIMEOUT_MS: z.coerce.number().int().positive(),
  MAX_ATTEMPTS: z.coerce.number().int().positive(),
});

// Built at the cold start, so that connections stay open between invocations.
const endpoints = createEndpoints({
  ats: environment.ATS_URL,
  resp: environment.RESP_URL,
  offer: environment.OFFER_URL,
  // ATS and RESP are called side by side.
  connections: 2 * environment.CONCURRENCY,
  resilience: { timeoutMs: environment.TIMEOUT_MS, attempts: environment.MAX_ATTEMPTS },
});

/** Scores a batch's members with the three endpoints and writes the result. */
export const handler = stageHandler(async (bucket, created) => {
  const result = await scoreBatch(bucket, created, endpoints, environment.CONCURRENCY);
  const failed = result?.members.filter(({ outcome }) => outcome.status === 'FAILED').length;
  return { members: result?.members.length, failed };
});
