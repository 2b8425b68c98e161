import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import middy from '@middy/core';
import { Bucket, createS3Client } from '../lib/bucket.ts';
import { type CreatedObject, objectCreatedEventSchema } from './s3-events.ts';

const s3 = createS3Client();
const logger = new Logger();

/**
 * Wraps a stage as a Lambda that is started by created objects. The stage's outcome is logged in one line; what it
 * throws is logged and fails the invocation, so that Lambda delivers the event again.
 */
export function stageHandler<T extends Record<string, unknown>>(
  stage: (bucket: Bucket, created: CreatedObject) => Promise<T>,
) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(parser({ schema: objectCreatedEventSchema }))
    .handler(async (objects: CreatedObject[]): Promise<T[]> => {
      const outcomes: T[] = [];
      for (const created of objects) {
        const { bucket, key } = created;
        try {
          const outcome = await stage(new Bucket(s3, bucket), created);
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
