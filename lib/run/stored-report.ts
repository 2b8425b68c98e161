import { isDeepStrictEqual } from 'node:util';
import { type Bucket, InvalidObjectError } from '../storage/bucket.ts';
import { type Condition, ObjectChangedError, type Seen } from '../storage/condition.ts';
import type { Manifest } from './contracts.ts';
import { outputKey, outputPrefix } from './keys.ts';
import { type Edition, editionSchema, type Summary, summarySchema } from './summary.ts';

type Run = Pick<Manifest, 'partner' | 'runId'>;

/** The files of a run's report that are stored already. */
export interface StoredReport {
  /** The state of each file, by its key. */
  seen: ReadonlyMap<string, Seen>;
  /** Undefined when there is no summary, or when it does not say which report it belongs to. */
  edition: Edition | undefined;
}

/** The part of a summary that says which report it belongs to. */
export const storedEditionSchema = summarySchema.pick({ edition: true });

/**
 * Reads the state of a run's report before it is written again. Each file is then written on the condition that it has
 * not changed since. So when reports are written at the same time, none replaces the files of a later one, and a report
 * that finds a changed file knows that another has overtaken it.
 */
export async function readStoredReport(bucket: Bucket, run: Run): Promise<StoredReport> {
  const seen = new Map<string, Seen>();
  const prefix = outputPrefix(run.partner, run.runId);
  for await (const { key, etag } of bucket.objects(prefix)) seen.set(key, etag);
  const key = outputKey(run.partner, run.runId, 'summary');
  return { seen, edition: seen.has(key) ? await editionAt(bucket, key) : undefined };
}

async function editionAt(bucket: Bucket, key: string): Promise<Edition | undefined> {
  try {
    return (await bucket.readJsonIfThere(key, storedEditionSchema))?.edition;
  } catch (error) {
    // A summary that somebody has damaged is written again, like a missing one.
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

/** Whether an event needs no report: the stored one is that of this event or of a later one. */
export function isSettled(there: Edition | undefined, { round, completedAt }: Edition): boolean {
  if (there === undefined || there.round < round) return false;
  return there.round > round || Date.parse(there.completedAt) >= Date.parse(completedAt);
}

/** Whether there is a report of this or a later round, which a report that could not be written must not replace. */
export function hasReport({ seen, edition }: StoredReport, { partner, runId }: Run, round: number): boolean {
  // Summaries of versions without rounds have no edition.
  if (edition === undefined) return round === 1 && seen.has(outputKey(partner, runId, 'summary'));
  return edition.round >= round && edition.failed !== true;
}

const EDITION_METADATA = 'edition';

/** Gives the condition on which a report's file is written, by its key. */
export type WriteConditionOf = (key: string) => Condition;

/** @param edition of the report that is written; stored in the metadata of its files */
export function writeConditions({ seen }: StoredReport, edition: Edition): WriteConditionOf {
  const metadata = { [EDITION_METADATA]: JSON.stringify(edition) };
  return (key) => ({ seen: seen.get(key), metadata });
}

/** @throws ObjectChangedError when another summary has been written in the meantime */
export async function writeSummary(bucket: Bucket, summary: Summary, { seen }: StoredReport): Promise<void> {
  const key = outputKey(summary.partner, summary.runId, 'summary');
  if (await bucket.replaceJson(key, summary, seen.get(key))) return;
  // If S3's answer was lost, the SDK repeated the request and met the object that the first one had stored.
  if (isSame(await editionAt(bucket, key), summary.edition)) return;
  throw new ObjectChangedError(bucket.name, key);
}

/** Compares editions as a whole: a report and the record that it could not be written have the same `writtenBy`. */
function isSame(one: Edition | undefined, other: Edition | undefined): boolean {
  return one !== undefined && isDeepStrictEqual(one, other);
}

/**
 * Whether another report, of the same or of a later round, has overtaken one that could not write a file. The function
 * that writes the other report also completes it.
 */
export async function isOvertaken(bucket: Bucket, { key }: ObjectChangedError, edition: Edition): Promise<boolean> {
  const metadata = await bucket.metadataIfThere(key);
  const there = key.endsWith('.json') ? await editionAt(bucket, key) : editionIn(metadata?.[EDITION_METADATA]);
  return !isSame(there, edition) && isSettled(there, edition);
}

function editionIn(text = 'null'): Edition | undefined {
  return editionSchema.safeParse(JSON.parse(text)).data;
}
