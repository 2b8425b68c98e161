import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { type Subject, subjectOf } from '../lib/run/keys.ts';
import type { ObjectCreated } from '../lib/run/object-created.ts';
import { Bucket } from '../lib/storage/bucket.ts';
import { createS3Client } from '../lib/storage/s3-client.ts';
import { now, waited } from '../lib/timing/clock.ts';
import { logger } from './observation/log.ts';
import { type Dimensions, embedded, type MetricValues } from './observation/metrics.ts';
import { s3EventSchema } from './s3-events.ts';

const s3 = createS3Client();

export const bucketOf = (name: string) => new Bucket(s3, name);

/** What a function has done. It is logged, so it holds no data of members. */
export interface Done<T> {
  outcome: T;
  metrics?: MetricValues;
  dimensions?: Dimensions;
}

/** The arguments of a stage besides the bucket. */
export interface StageInvocation {
  created: ObjectCreated;
  subject: Subject;
  context: Context;
}

/**
 * Wraps the handling of a parsed event as a Lambda handler. An error is logged in one line with its run and batch, and
 * fails the invocation, so that Lambda delivers the event again.
 */
export function eventHandler<Event, T>(
  schema: z.ZodType<Event>,
  handle: (event: Event, context: Context) => Promise<T>,
) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(parser({ schema }))
    .onError(({ error }) => logger.error('failed', { error: error ?? undefined }))
    .handler(handle);
}

/**
 * Wraps a stage as a Lambda handler for created objects. The outcome for each object is logged in one line.
 * @param reasonToPass says why an object is none of the stage's, which S3 tells it of for its prefix; that is logged, too
 */
export function stageHandler<T extends Record<string, unknown>>(
  name: string,
  stage: (bucket: Bucket, invocation: StageInvocation) => Promise<Done<T>>,
  reasonToPass: (created: ObjectCreated) => string | undefined = () => undefined,
) {
  return eventHandler(s3EventSchema, async ({ objects, testedBucket }, context) => {
    logTest(testedBucket);
    const outcomes: T[] = [];
    for (const created of objects) {
      const reason = reasonToPass(created);
      if (reason !== undefined) {
        logPassed(created, reason);
        continue;
      }
      const startedAt = now();
      const wait = waited(created.createdAt, startedAt);
      const outcome = await observed(created, async (subject) => {
        const { metrics, dimensions, ...done } = await stage(bucketOf(created.bucket), { created, subject, context });
        const timing = { StageDuration: now() - startedAt, StageWait: wait.to - wait.from };
        return { ...done, metrics: { ...metrics, ...timing }, dimensions: { ...dimensions, function: name } };
      });
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

/** Does the work for an object and logs the outcome. All lines that are logged meanwhile name its run and batch. */
export async function observed<T extends Record<string, unknown>>(
  created: ObjectCreated,
  work: (subject: Subject) => Promise<Done<T>>,
): Promise<T> {
  const { bucket, key } = created;
  const subject = subjectOf(created);
  logger.resetKeys();
  logger.appendKeys({ ...subject, bucket, key });
  const done = await work(subject);
  logDone(done);
  return done.outcome;
}

export function logDone({ outcome, metrics, dimensions }: Done<Record<string, unknown>>): void {
  logger.info('done', { ...outcome, ...(metrics === undefined ? {} : embedded(metrics, dimensions)) });
}

function logPassed({ bucket, key }: ObjectCreated, reason: string): void {
  logger.resetKeys();
  logger.info('starts nothing', { bucket, key, reason });
}

/** Logs a test event of S3. @param bucket whose notifications S3 tests; undefined for any other event */
export function logTest(bucket: string | undefined): void {
  if (bucket !== undefined) logger.info('test event, starts nothing', { bucket });
}
