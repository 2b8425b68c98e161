import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { Credentials } from '../lib/endpoints/credentials.ts';
import { deployedCalls } from '../lib/endpoints/deployed-calls.ts';
import { endpointIdsOf } from '../lib/endpoints/endpoint-ids.ts';
import { EndpointPool } from '../lib/endpoints/endpoints.ts';
import { sageMakerSigner } from '../lib/endpoints/lazy-signer.ts';
import { countsIn, type ResultCounts } from '../lib/run/result-counts.ts';
import { readReference, referenceSchema } from '../lib/secrets/secret-reference.ts';
import { Deadline } from '../lib/stages/predict/deadline.ts';
import { type EndpointSource, scoreBatch } from '../lib/stages/predict/score-batch.ts';
import { memoryMb, optional, parseEnvironment } from './environment.ts';
import { EndpointStatistics } from './observation/endpoint-statistics.ts';
import type { MetricValues } from './observation/metrics.ts';
import { partners } from './partners.ts';
import { readResilience } from './resilience.ts';
import { stageHandler } from './stage.ts';

const environment = parseEnvironment({
  ENDPOINT_HEADERS_REF: optional(referenceSchema),
  CONCURRENCY: z.coerce.number().int().positive(),
  REQUESTS_PER_SECOND: optional(z.coerce.number().positive()),
  TIME_RESERVE_MS: z.coerce.number().int().nonnegative(),
});

const { ENDPOINT_HEADERS_REF: reference, CONCURRENCY: concurrency } = environment;

// Created at the cold start, so that later invocations use the same connections and credentials.
const pool = new EndpointPool({
  concurrency,
  credentials: reference === undefined ? undefined : credentialsIn(reference),
  resilience: readResilience(),
  requestsPerSecond: environment.REQUESTS_PER_SECOND,
  signer: sageMakerSigner(process.env),
});

/** Scores a batch's members with the endpoints and writes the result. */
export const handler = stageHandler('predict', async (bucket, { created, subject, context }) => {
  const deadline = new Deadline(timeLeftMs(context));
  const statistics = new EndpointStatistics();
  const endpoints: EndpointSource = {
    prepare: () => pool.prepare(),
    of: (definition, partner) => statistics.watched(pool.of(definition, deployedCalls(partners, process.env, partner))),
  };
  try {
    const scoring = { endpoints, concurrency, deadline, statistics: statistics.of, isFollowed: true, memoryMb };
    const result = await scoreBatch(bucket, created, scoring);
    const counts = result === undefined ? undefined : countsIn(result.members);
    // There is no result when the batch had one already, or when time ran out and another invocation continues it.
    return { outcome: { wroteResult: result !== undefined, ...counts }, metrics: counts && measured(counts) };
  } finally {
    deadline.clear();
    await statistics.tell(subject);
  }
});

function credentialsIn(reference: string): Credentials {
  return new Credentials({
    read: () => readReference(reference),
    kept: reference,
    endpoints: () => endpointIdsOf(partners),
  });
}

function measured({ members, failed }: ResultCounts): MetricValues {
  return { MembersScored: members - failed, MembersFailed: failed };
}

/** How long members may be scored, so that there is time left to store the results. */
function timeLeftMs(context: Context): number {
  return context.getRemainingTimeInMillis() - environment.TIME_RESERVE_MS;
}
