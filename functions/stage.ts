import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { Bucket, createS3Client } from '../lib/bucket.ts';
import { type CreatedObject, objectCreatedEventSchema } from './s3-events.ts';

const s3 = createS3Client();
const logger = new Logger();

const bucketOf = (name: string) => new Bucket(s3, name);

/** Wraps what is done with an event, once it has been parsed, as a Lambda. */
export function eventHandler<Event, T>(
  schema: z.ZodType<Event>,
  handle: (bucketOf: (name: string) => Bucket, event: Event, context: Context) => Promise<T>,
) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(parser({ schema }))
    .handler(async (event: Event, context: Context): Promise<T> => {
      const outcome = await handle(bucketOf, event, context);
      logger.info('done', { outcome });
      return outcome;
    });
}

/**
 * Wraps a stage as a Lambda that is started by created objects. The stage's outcome is logged in one line; what it
 * throws is logged and fails the invocation, so that Lambda delivers the event again.
 */
export function stageHandler<T extends Record<string, unknown>>(
  stage: (bucket: Bucket, created: CreatedObject, context: Context) => Promise<T>,
) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(parser({ schema: objectCreatedEventSchema }))
    .handler(async (objects: CreatedObject[], context: Context): Promise<T[]> => {
      const outcomes: T[] = [];
      for (const created of objects) {
        const { bucket, key } = created;
        try {
          const outcome = await stage(bucketOf(bucket), created, context);
          logger.info('done', { bucket, key, ...outcome });
          outcomes.push(outcome);
        } catch (error) {
          logger.error('failed', { bucket, key, error });
          throw error;
        }
      }
      return outcomes;
    });
}
