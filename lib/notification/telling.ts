import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../bucket.ts';
import { type Summary, summarySchema } from '../contracts.ts';
import { noticeKey } from '../layout.ts';
import { endMessage } from './message.ts';

/** Tells that a run has ended; what goes wrong with that is no concern of the run's. */
export type Announce = (bucket: Bucket, summary: Summary) => Promise<void>;

export interface Recipient {
  topicArn: string;
  /** Where the bucket is. */
  region: string | undefined;
}

/** What a topic was told of a run last: a report that is written again and says the same is not told of again. */
const noticeSchema = summarySchema.pick({ status: true, members: true });

/**
 * Tells a topic that a run has ended, and notes that in the bucket. A run that was taken up again and ends otherwise is
 * told of again. When this dies in between it may be told twice.
 *
 * @returns whether there was something to tell
 */
export async function tellOfEnd(bucket: Bucket, summary: Summary, { topicArn, region }: Recipient): Promise<boolean> {
  const { status, members } = summary;
  const notice = { status, members };
  const key = noticeKey(summary.runId);
  if (isDeepStrictEqual(await bucket.readJsonIfThere(key, noticeSchema), notice)) return false;
  // Loaded by those alone that have somebody to tell.
  const { publish } = await import('./sns.ts');
  await publish(topicArn, endMessage(summary, region));
  await bucket.writeJson(key, notice);
  return true;
}
