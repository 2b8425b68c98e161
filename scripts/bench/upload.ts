import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type * as z from 'zod';
import { uploadKey } from '../../lib/run/keys.ts';
import { notificationOf } from '../../local/lambda/notification.ts';
import type { CreatedObject } from '../../local/s3/store.ts';
import { type BenchHarness, BUCKET } from './harness.ts';
import { SERVICE } from './measured-service.ts';
import type { InvokeTask } from './task.ts';

/** Puts a file into the harness's bucket. @param partner whose file counts for it */
export async function upload(
  { bucket }: BenchHarness,
  path: string,
  name: string,
  partner = 'bench',
): Promise<CreatedObject> {
  const key = uploadKey(partner, `${name}.csv`);
  await bucket.writeStream(key, createReadStream(path), 'text/csv');
  const { etag, chunks } = await bucket.read(key);
  chunks.destroy();
  const { size } = await stat(path);
  return { bucket: BUCKET, key, size, etag, cause: 'Put', sequencer: name, createdAt: new Date() };
}

/** The event that S3 sends for an object, as JSON. */
export function eventOf(object: CreatedObject) {
  return JSON.parse(JSON.stringify(notificationOf(object)));
}

/** The task to invoke a function with an event. */
export function invocationOf(functionName: string, event: z.infer<ReturnType<typeof z.json>>): InvokeTask {
  return { task: 'invoke', functionName, definition: SERVICE.function(functionName), event };
}
