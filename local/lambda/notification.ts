import type { S3Event } from 'aws-lambda';
import * as z from 'zod';
import type { CreatedObject } from '../s3/store.ts';

/** An `s3` event of a function in serverless.yml: only the bucket's name, or the name with conditions. */
const s3EventSchema = z.union([
  z.string().transform((bucket) => ({ bucket, event: 's3:ObjectCreated:*', rules: [] })),
  z.object({
    bucket: z.string(),
    event: z.string().default('s3:ObjectCreated:*'),
    rules: z.array(z.object({ prefix: z.string().optional(), suffix: z.string().optional() })).default([]),
  }),
]);

const functionSchema = z.object({
  events: z.array(z.object({ s3: s3EventSchema.optional() })).default([]),
});

/** A function that certain objects start. */
export interface Subscription {
  functionName: string;
  bucket: string;
  /** `s3:ObjectCreated:*`, or one kind of these events. */
  event: string;
  /** Compared literally, as in S3. */
  prefix: string;
  suffix: string;
}

/**
 * The subscriptions in the functions of serverless.yml.
 *
 * @param buckets `provider.s3`: the buckets' real names, by the names that events use
 * @throws when an `s3` event does not have the documented form
 */
export function subscriptionsOf(
  functions: Record<string, unknown>,
  buckets: Record<string, { name?: string }> = {},
): Subscription[] {
  return Object.entries(functions).flatMap(([functionName, definition]) =>
    functionSchema
      .parse(definition)
      .events.flatMap(({ s3 }) => (s3 === undefined ? [] : [s3]))
      .map(({ bucket, event, rules }) => ({
        functionName,
        bucket: buckets[bucket]?.name ?? bucket,
        event,
        prefix: rules.find((rule) => rule.prefix !== undefined)?.prefix ?? '',
        suffix: rules.find((rule) => rule.suffix !== undefined)?.suffix ?? '',
      })),
  );
}

/** The functions that an object starts, each once. */
export function subscribersOf(object: CreatedObject, subscriptions: readonly Subscription[]): string[] {
  const matching = subscriptions.filter((subscription) => wants(subscription, object));
  return [...new Set(matching.map(({ functionName }) => functionName))];
}

/**
 * The event that S3 sends for an object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function notificationOf(object: CreatedObject): S3Event {
  const { bucket, key, size, etag, sequencer, versionId, createdAt } = object;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: createdAt.toISOString(),
        eventName: eventNameOf(object),
        userIdentity: { principalId: 'AWS:LOCAL' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': sequencer, 'x-amz-id-2': sequencer },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'local',
          bucket: { name: bucket, ownerIdentity: { principalId: 'LOCAL' }, arn: `arn:aws:s3:::${bucket}` },
          object: { key: formEncoded(key), size, eTag: etag, versionId, sequencer },
        },
      },
    ],
  };
}

function wants({ bucket, event, prefix, suffix }: Subscription, object: CreatedObject): boolean {
  const kind = event.replace(/^s3:/, '');
  const matchesKind = kind.endsWith('*')
    ? eventNameOf(object).startsWith(kind.slice(0, -1))
    : eventNameOf(object) === kind;
  return matchesKind && bucket === object.bucket && object.key.startsWith(prefix) && object.key.endsWith(suffix);
}

function eventNameOf({ cause }: CreatedObject): string {
  return `ObjectCreated:${cause}`;
}

/** Encodes a key like an HTML form, but keeps slashes: a space is `+`, other special characters are percent-encoded. */
function formEncoded(key: string): string {
  return key
    .split('/')
    .map((segment) => new URLSearchParams({ segment }).toString().slice('segment='.length))
    .join('/');
}
