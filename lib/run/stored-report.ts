import { isDeepStrictEqual } from 'node:util';
import { type Bucket, InvalidObjectError } from '../storage/bucket.ts';
import { type Condition, ObjectChangedError, type Seen } from '../storage/condition.ts';
import type { Manifest } from './contracts.ts';
import { outputKey, outputPrefix } from './keys.ts';
import { type Edition, editionSchema, type Summary, summarySchema } from './summary.ts';

type Run = Pick<Manifest, 'partner' | 'runId'>;

/** What lies where a run's report is written. */
export interface StoredReport {
  /** The files that are there, by their keys. */
  seen: ReadonlyMap<string, Seen>;
  /** Undefined when there is no summary, or when nobody knows of which report. */
  edition: Edition | undefined;
}

/** Of a summary, as much as tells which report it belongs to. */
export const storedEditionSchema = summarySchema.pick({ edition: true });

/**
 * Looks before a report is written. Whatever is written then is written on condition that
 * its place still is as it was seen. So of reports that are written at the same time none replaces a later one's files,
 * and whoever finds a file of another has fallen behind it.
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
    // A summary that somebody has spoiled is written again like one that is not there.
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

/** Whether there is nothing to write for an event: it has led to what is there, or a later one has. */
export function isSettled(there: Edition | undefined, { round, completedAt }: Edition): boolean {
  if (there === undefined || there.round < round) return false;
  return there.round > round || Date.parse(there.completedAt) >= Date.parse(completedAt);
}

/** Whether a report of the same or of a later round stands, which must not give way to one that could not be written. */
export function hasReport({ seen, edition }: StoredReport, { partner, runId }: Run, round: number): boolean {
  // Those of versions that knew no rounds have no edition.
  if (edition === undefined) return round === 1 && seen.has(outputKey(partner, runId, 'summary'));
  return edition.round >= round && edition.failed !== true;
}

const EDITION_METADATA = 'edition';

/** On what condition a file of a report is written, by its key. */
export type WriteConditionOf = (key: string) => Condition;

/** @param edition is told of in the metadata of the files */
export function writeConditions({ seen }: StoredReport, edition: Edition): WriteConditionOf {
  const metadata = { [EDITION_METADATA]: JSON.stringify(edition) };
  return (key) => ({ seen: seen.get(key), metadata });
}

/** @throws ObjectChangedError when another summary has taken its place in the meantime */
export async function writeSummary(bucket: Bucket, summary: Summary, { seen }: StoredReport): Promise<void> {
  const key = outputKey(summary.partner, summary.runId, 'summary');
  if (await bucket.replaceJson(key, summary, seen.get(key))) return;
  // S3's answer may have got lost, and been asked for again.
  if (isSame(await editionAt(bucket, key), summary.edition)) return;
  throw new ObjectChangedError(bucket.name, key);
}

/** Attempts at one event, of which the last is to end what they could not, have an id in common. */
function isSame(one: Edition | undefined, other: Edition | undefined): boolean {
  return one !== undefined && isDeepStrictEqual(one, other);
}

/**
 * Whether a report that could not write a file has fallen behind another of the same round, or of a later one, which
 * whoever writes that will see through to its end.
 */
export async function isOvertaken(bucket: Bucket, { key }: ObjectChangedError, edition: Edition): Promise<boolean> {
  const metadata = await bucket.metadataIfThere(key);
  const there = key.endsWith('.json') ? await editionAt(bucket, key) : editionIn(metadata?.[EDITION_METADATA]);
  return !isSame(there, edition) && isSettled(there, edition);
}

function editionIn(text = 'null'): Edition | undefined {
  return editionSchema.safeParse(JSON.parse(text)).data;
}
