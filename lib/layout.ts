import { createHash } from 'node:crypto';

/**
 * The object layout: which key holds what. The bucket is the workflow, so these functions are the map of it.
 *
 *     uploads/<partner>/<name>.csv          a person drops a file
 *     runs/<runId>/manifest.json            what was read, how many batches were written
 *     runs/<runId>/rejected.jsonl           the rows that were not accepted (only when there are any)
 *     runs/<runId>/progress.json            how many rows have been read so far (only when reading takes seconds)
 *     runs/<runId>/notified.json            what a topic was told of the run last (only when there is one)
 *     batches/<runId>/00001.json            members with their features
 *     checkpoints/<runId>/00001.json        as much of a result as there was when time ran out (seldom)
 *     results/<runId>/00001.json            the same members, scored or failed
 *     completed/<runId>.json                the last result is in
 *     reports/<partner>/<runId>/report.xlsx what people open; beside it report.html, offers.csv, members.jsonl
 *     reports/<partner>/<runId>/summary.json  the same for programs; written last
 */
export const UPLOADS_PREFIX = 'uploads/';
export const RUNS_PREFIX = 'runs/';
export const BATCHES_PREFIX = 'batches/';
export const COMPLETIONS_PREFIX = 'completed/';
export const REPORTS_PREFIX = 'reports/';

/** The partner of an upload that lies directly in `uploads/`. */
const DEFAULT_PARTNER = 'default';

/** What identifies one upload: the fields that S3 repeats unchanged when it delivers an event again. */
export interface Upload {
  bucket: string;
  key: string;
  etag: string;
  /** S3's ordering mark for writes to the same key. */
  sequencer: string;
  /** When S3 stored the object, UTC. */
  uploadedAt: Date;
}

/**
 * Names a run after its upload: `20240131T101502Z-3f9a1c2e`. The same event always gives the same id, and ids sort
 * by time of upload.
 */
export function runIdOf(upload: Upload): string {
  const { bucket, key, etag, sequencer, uploadedAt } = upload;
  const identity = [bucket, key, etag, sequencer, uploadedAt.toISOString()].join('\n');
  return `${timestampOf(uploadedAt)}-${createHash('sha256').update(identity).digest('hex').slice(0, 8)}`;
}

/** A time as run ids begin with it: `20240131T101502Z`. */
export function timestampOf(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/** What an object that starts a stage is about. */
export interface Subject {
  runId: string;
  /** Number of the batch, when it is about one. */
  batch?: number;
}

/** The run, and the batch if it is one's, that an object which starts a stage belongs to. */
export function subjectOf(object: Upload): Subject {
  const [prefix, name = '', number] = object.key.split(/[/.]/);
  if (`${prefix}/` === BATCHES_PREFIX) return { runId: name, batch: Number(number) };
  return { runId: `${prefix}/` === COMPLETIONS_PREFIX ? name : runIdOf(object) };
}

/** The partner in `uploads/<partner>/<name>`. */
export function partnerOf(uploadKey: string): string {
  const [partner = '', ...name] = uploadKey.slice(UPLOADS_PREFIX.length).split('/');
  return name.length > 0 && partner !== '' ? partner : DEFAULT_PARTNER;
}

export function uploadKey(partner: string, name: string): string {
  return `${UPLOADS_PREFIX}${partner}/${name}`;
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

export function noticeKey(runId: string): string {
  return `${RUNS_PREFIX}${runId}/notified.json`;
}

export function batchPrefix(runId: string): string {
  return `${BATCHES_PREFIX}${runId}/`;
}

/** @param batch number of the batch, from 1 */
export function batchKey(runId: string, batch: number): string {
  return `${batchPrefix(runId)}${numbered(batch)}`;
}

export function checkpointPrefix(runId: string): string {
  return `checkpoints/${runId}/`;
}

/** @param batch number of the batch, from 1 */
export function checkpointKey(runId: string, batch: number): string {
  return `${checkpointPrefix(runId)}${numbered(batch)}`;
}

export function resultPrefix(runId: string): string {
  return `results/${runId}/`;
}

/** @param batch number of the batch, from 1 */
export function resultKey(runId: string, batch: number): string {
  return `${resultPrefix(runId)}${numbered(batch)}`;
}

export function completionKey(runId: string): string {
  return `${COMPLETIONS_PREFIX}${runId}.json`;
}

/** What a run's report is made of, by their names. */
export const OUTPUTS = {
  workbook: 'report.xlsx',
  page: 'report.html',
  offers: 'offers.csv',
  members: 'members.jsonl',
  summary: 'summary.json',
} as const;

export type Output = keyof typeof OUTPUTS;

export function outputKey(partner: string, runId: string, output: Output): string {
  return `${REPORTS_PREFIX}${partner}/${runId}/${OUTPUTS[output]}`;
}

/** Five digits, so that keys list in the order of the batches. */
function numbered(batch: number): string {
  return `${String(batch).padStart(5, '0')}.json`;
}
