import * as z from 'zod';
import type { ObjectCreated } from '../lib/run/object-created.ts';

/**
 * S3's notification that an object was created, as Lambda receives it: one record or more. A record has a `versionId`
 * when the bucket keeps versions.
 */
const objectCreatedSchema = z
  .object({
    eventTime: z.iso.datetime(),
    s3: z.object({
      bucket: z.object({ name: z.string().min(1) }),
      object: z.object({
        key: z.string().min(1).transform(decodeKey),
        eTag: z.string().min(1),
        size: z.int().nonnegative().nullish(),
        sequencer: z.string().min(1),
        versionId: z.string().min(1).nullish(),
      }),
    }),
  })
  .transform(
    ({ eventTime, s3: { bucket, object } }): ObjectCreated => ({
      bucket: bucket.name,
      key: object.key,
      etag: object.eTag,
      sequencer: object.sequencer,
      createdAt: new Date(eventTime),
      ...(typeof object.size === 'number' ? { bytes: object.size } : {}),
      ...(typeof object.versionId === 'string' ? { versionId: object.versionId } : {}),
    }),
  );

/**
 * The test event that S3 sends when notifications are set up. It is about no object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
const testEventSchema = z
  .object({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent'), Bucket: z.string().min(1) })
  .transform(({ Bucket }) => ({ objects: [], testedBucket: Bucket }));

const objectCreatedEventSchema = z
  .object({ Records: z.array(objectCreatedSchema).min(1) })
  .transform(({ Records }) => ({ objects: Records }));

/** The events of S3 that functions receive: created objects, or a test event without objects. */
export const s3EventSchema: z.ZodType<S3Event> = z.union([objectCreatedEventSchema, testEventSchema]);

export interface S3Event {
  objects: ObjectCreated[];
  /** The bucket whose notifications S3 tests; absent when objects were created. */
  testedBucket?: string;
}

/**
 * Keys in events are form-encoded: a space is `+`, a plus is `%2B`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function decodeKey(encoded: string, context: z.RefinementCtx): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    context.addIssue({ code: 'custom', message: `is not form-encoded: ${encoded}` });
    return z.NEVER;
  }
}
