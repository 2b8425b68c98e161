import { uploadKey } from '../../lib/run/keys.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { DirectedHarness } from './directed-harness.ts';
import type { HarnessOptions } from './harness.ts';
import { fileOf } from './members.ts';
import { disagreements, readReport } from './promises/reports.ts';
import { clientOf } from './s3/client.ts';
import { s3Error } from './s3/errors.ts';
import { MemoryRequests } from './s3/requests.ts';

export const KEY = uploadKey('acme', 'members.csv');
export const COMPLETE = { status: 'COMPLETE', members: { total: 4, scored: 4, failed: 0 } };

/** A file of M1 to M4, in two batches, is dropped. */
export async function dropped<T>(play: (harness: DirectedHarness) => Promise<T>, options?: HarnessOptions): Promise<T> {
  const harness = new DirectedHarness(options);
  return harness.during(() => {
    harness.store(KEY, fileOf(4));
    return play(harness);
  });
}

/** M1 and M3 are refused at first: the run has ended as PARTIAL, and everybody would be scored by now. */
export function partial<T>(play: (harness: DirectedHarness) => Promise<T>, options?: HarnessOptions): Promise<T> {
  return dropped(async (harness) => {
    harness.services.refused = new Set(['M1', 'M3']);
    await harness.idle();
    harness.services.refused = new Set();
    return play(harness);
  }, options);
}

/** Where the run's outputs contradict each other. */
export function contradictions(harness: DirectedHarness): string[] {
  const summary = harness.summary();
  return summary === undefined ? ['no summary'] : disagreements(summary, readReport(harness, summary));
}

/** How often a member's average transaction size was asked for. */
export const askedFor = (harness: DirectedHarness, member: string) =>
  harness.services.calls.filter(({ call, memberId }) => call === 'ats' && memberId === member).length;

export const ONE_BATCH = { batching: { minBatchSize: 8, maxBatches: 1 } };
export const THROUGH = ['features run 1', 'predict run 1/1', 'predict run 1/2'];

/** What S3 answers is answered at once, whoever else waits. */
export function bucketOf({ objects }: DirectedHarness): Bucket {
  const requests = new MemoryRequests(objects);
  return new Bucket(
    clientOf(async (commandName, input) => requests.answer(commandName, input)),
    'offers',
  );
}

export const OVERLOADED = s3Error('SlowDown', 503, 'Please reduce your request rate');

/** What an object that is not the first under its key looks like as JSON. */
export const jsonOf = (harness: DirectedHarness, key: string) => JSON.parse(harness.textOf(key));

export async function performAll(harness: DirectedHarness, names: readonly string[]): Promise<void> {
  for (const name of names) await harness.perform(name);
}
