import { createHash } from 'node:crypto';
import type { ObjectCreated } from './object-created.ts';
import { OUTPUTS, type Output } from './outputs.ts';

/**
 * The object layout: which key holds what. The bucket is the workflow, so these functions are the map of it.
 *
 *     uploads/<partner>/<name>              a person drops a file, under any name
 *     uploads/<partner>/<folder>/part-…     or a program several, beside them `_SUCCESS` when all are there (upload-kinds.ts)
 *     runs/<runId>/plan.json                what was read, how it is cut into batches; or why the file cannot be used
 *     runs/<runId>/manifest.json            the same, written when all batches are there
 *     runs/<runId>/rejected.jsonl           the rows that were not accepted (only when there are any)
 *     runs/<runId>/progress.json            how many rows have been read so far (only when reading takes seconds)
 *     batches/<runId>/00001.json            members with their features
 *     checkpoints/<runId>/00001.json        the part of a result that was finished when time ran out (seldom)
 *     progress/<runId>/00001.json           how many are scored so far (only when it takes seconds, or calls fail)
 *     results/<runId>/00001.json            the same members, scored or failed
 *     completed/<runId>.json                all results are there
 *     reports/<partner>/<runId>/report.xlsx what people open; beside it report.html, offers.csv, members.jsonl
 *     reports/<partner>/<runId>/summary.json  the same for programs; written last
 *     runs/<runId>/ended.json               the report is written and its notification sent
 *
 * When failed members of a run are tried again, the run gets another round. The round's objects lie beside those of the
 * first round, which stay as they are:
 *
 *     runs/<runId>/round2.json              which batches are scored again
 *     batches/<runId>.round2/00001.json     the failed members of one of these batches; then all other objects as above
 *     completed/<runId>.round2.json, runs/<runId>/ended.round2.json
 *
 * The schedule of `resume` reads:
 *
 *     resumed/rounds/<time>-<runId>.round2.json  another round of a run has been opened, however old the run is
 *     resumed/uploads/<hash>.json                an upload without a run is being stored again
 *
 * No stage deletes an object, and none overwrites another's decision. The report is that of the newest round.
 */
export const UPLOADS_PREFIX = 'uploads/';
export const RUNS_PREFIX = 'runs/';
export const BATCHES_PREFIX = 'batches/';
export const COMPLETIONS_PREFIX = 'completed/';
export const REPORTS_PREFIX = 'reports/';
export const RESUMED_ROUNDS_PREFIX = 'resumed/rounds/';

/** The longest key of S3, bytes of UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_LENGTH = 1024;

/** The partner of an upload that lies directly in `uploads/`. */
const DEFAULT_PARTNER = 'default';

/**
 * Names a run after its upload: `20240131T101502Z-3f9a1c2e`. The same event always gives the same id, with or without
 * the upload's version. Ids sort by the time of the upload.
 */
export function runIdOf(upload: ObjectCreated): string {
  const { bucket, key, etag, sequencer, createdAt } = upload;
  const identity = [bucket, key, etag, sequencer, createdAt.toISOString()];
  return `${timestampOf(createdAt)}-${hashOf(identity).slice(0, 8)}`;
}

/** A time in the form that run ids begin with: `20240131T101502Z`. */
export function timestampOf(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/** What an object that starts a stage belongs to. */
export interface Subject {
  runId: string;
  /** Number of the round, when it is not the first. */
  round?: number;
  /** Number of the batch, when the object belongs to one. */
  batch?: number;
}

const SUBJECT = /^(?:batches|completed)\/(?<runId>[^/.]+)(?:\.round(?<round>\d+))?(?:\/(?<batch>\d+))?\.json$/;

/** The run that an object which starts a stage belongs to, with its round and batch if it has them. */
export function subjectOf(object: ObjectCreated): Subject {
  const { runId = runIdOf(object), round, batch } = SUBJECT.exec(object.key)?.groups ?? {};
  return { runId, ...(round && { round: Number(round) }), ...(batch && { batch: Number(batch) }) };
}

/** The partner in `uploads/<partner>/<name>`. */
export function partnerOf(uploadKey: string): string {
  const [partner = '', ...name] = uploadKey.slice(UPLOADS_PREFIX.length).split('/');
  return name.length > 0 && partner !== '' ? partner : DEFAULT_PARTNER;
}

export function uploadKey(partner: string, name: string): string {
  return `${UPLOADS_PREFIX}${partner}/${name}`;
}

export function planKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/plan.json`;
}

export function manifestKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/manifest.json`;
}

export function progressKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/progress.json`;
}

export function rejectedRowsKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/rejected.jsonl`;
}

/** Where versions without rounds stored what the last notification of a run said. */
export function noticeKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/notified.json`;
}

/** @param round a run begins with round 1, and most runs have no other; here and below */
export function endKey(runId: string, round = 1): string {
  return `${RUNS_PREFIX}${runId}/ended${round === 1 ? '' : `.round${round}`}.json`;
}

/** @param round from 2 */
export function roundKey(runId: string, round: number): string {
  return `${roundPrefix(runId)}${round}.json`;
}

export function roundPrefix(runId: string): string {
  return `${RUNS_PREFIX}${runId}/round`;
}

/** The round that a key of `roundKey` belongs to; undefined for any other key. */
export function roundOf(key: string): number | undefined {
  const number = /\/round(\d+)\.json$/.exec(key)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** @param time when the round was opened */
export function resumedRoundKey(runId: string, round: number, time: Date): string {
  return `${RESUMED_ROUNDS_PREFIX}${timestampOf(time)}-${roundId(runId, round)}.json`;
}

/** The run that a key of `resumedRoundKey` belongs to. */
export function resumedRunOf(key: string): string {
  const name = key.slice(`${RESUMED_ROUNDS_PREFIX}20240131T101502Z-`.length);
  return name.split('.')[0] ?? '';
}

/** The key of the claim for one version of an upload, as a listing describes it. */
export function revivedUploadKey({ key, etag, modifiedAt }: { key: string; etag: string; modifiedAt: Date }): string {
  return `resumed/uploads/${hashOf([key, etag, modifiedAt.toISOString()]).slice(0, 32)}.json`;
}

export function batchPrefix(runId: string, round = 1): string {
  return `${BATCHES_PREFIX}${roundId(runId, round)}/`;
}

/** @param batch number of the batch, from 1; here and below */
export function batchKey(runId: string, batch: number, round = 1): string {
  return `${batchPrefix(runId, round)}${numbered(batch)}`;
}

export function checkpointPrefix(runId: string, round = 1): string {
  return `checkpoints/${roundId(runId, round)}/`;
}

export function checkpointKey(runId: string, batch: number, round = 1): string {
  return `${checkpointPrefix(runId, round)}${numbered(batch)}`;
}

export function scoringProgressPrefix(runId: string, round = 1): string {
  return `progress/${roundId(runId, round)}/`;
}

export function scoringProgressKey(runId: string, batch: number, round = 1): string {
  return `${scoringProgressPrefix(runId, round)}${numbered(batch)}`;
}

export function resultPrefix(runId: string, round = 1): string {
  return `results/${roundId(runId, round)}/`;
}

export function resultKey(runId: string, batch: number, round = 1): string {
  return `${resultPrefix(runId, round)}${numbered(batch)}`;
}

export function completionKey(runId: string, round = 1): string {
  return `${COMPLETIONS_PREFIX}${roundId(runId, round)}.json`;
}

const MAX_OUTPUT_LENGTH = Math.max(...Object.values(OUTPUTS).map(({ file }) => file.length));

export function outputPrefix(partner: string, runId: string): string {
  const rest = Buffer.byteLength(`${REPORTS_PREFIX}/${runId}/`) + MAX_OUTPUT_LENGTH;
  return `${REPORTS_PREFIX}${shortened(partner, MAX_KEY_LENGTH - rest)}/${runId}/`;
}

export function outputKey(partner: string, runId: string, output: Output): string {
  return `${outputPrefix(partner, runId)}${OUTPUTS[output].file}`;
}

/** Cuts a name that is too long and adds a hash, so that it stays unique. @param maxBytes bytes of UTF-8 */
function shortened(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const mark = `~${hashOf([name]).slice(0, 8)}`;
  // Cut between characters, not within one.
  let end = maxBytes - mark.length;
  const bytes = Buffer.from(name);
  while (isContinuation(bytes[end])) end -= 1;
  return `${bytes.subarray(0, end).toString()}${mark}`;
}

function isContinuation(byte = 0): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** The part of a key that all objects of a round share. */
function roundId(runId: string, round: number): string {
  return round === 1 ? runId : `${runId}.round${round}`;
}

/** The numbers from 1 to the last batch or round. */
export function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** Five digits, so that keys list in the order of the batches. */
function numbered(batch: number): string {
  return `${String(batch).padStart(5, '0')}.json`;
}
