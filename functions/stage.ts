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

/** What has been done, to be logged: no data of members. */
export interface Done<T> {
  outcome: T;
  metrics?: MetricValues;
  dimensions?: Dimensions;
}

/** What a stage is given besides the bucket. */
export interface StageInvocation {
  created: ObjectCreated;
  subject: Subject;
  context: Context;
}

/**
 * Wraps what is done with an event, once it has been parsed, as a Lambda. What it throws is logged in one line, with the
 * run and batch that were at work, and fails the invocation, so that Lambda delivers the event again.
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

/** Wraps a stage as a Lambda that is started by created objects. What comes of each is logged in one line. */
export function stageHandler<T extends Record<string, unknown>>(
  name: string,
  stage: (bucket: Bucket, invocation: StageInvocation) => Promise<Done<T>>,
) {
  return eventHandler(s3EventSchema, async ({ objects, testedBucket }, context) => {
    logTest(testedBucket);
    const outcomes: T[] = [];
    for (const created of objects) {
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

/** Does something about an object, of which every line tells that is logged meanwhile, and logs what came of it. */
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

/** @param bucket that S3 has sent its test of notifications for, if it is one */
export function logTest(bucket: string | undefined): void {
  if (bucket !== undefined) logger.info('test event, starts nothing', { bucket });
}
