import { basename } from 'node:path';
import { partnerOf, REPORTS_PREFIX, UPLOADS_PREFIX } from '../../lib/run/keys.ts';
import { OUTPUTS } from '../../lib/run/outputs.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import { closedFolder, folderOf, markKey, nameOf, sourceName, uploadKind } from '../../lib/run/upload-kinds.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import type { CreatedObject } from '../s3/store.ts';
import { whole } from './printable.ts';
import { count } from './units.ts';

/** The prefixes of uploads, of reports, and of the objects that stages hand to each other. */
const KNOWN = /^(uploads|reports|runs|batches|checkpoints|progress|results|completed|resumed)\//;

/**
 * The line that a person sees for an object: that a file was received and whether it waits, why an object starts nothing,
 * or how a run ended.
 *
 * @param read reads the object
 * @returns undefined for an object that is of no interest
 */
export async function runLineOf(object: CreatedObject, read: () => Promise<string>): Promise<string | undefined> {
  const { key, size } = object;
  if (key.startsWith(UPLOADS_PREFIX)) return receiptOf(key, size);
  if (!KNOWN.test(key)) return `"${whole(key)}"  starts nothing: files belong under ${UPLOADS_PREFIX}<partner>/`;
  if (key.startsWith(REPORTS_PREFIX) && basename(key) === OUTPUTS.summary.file) return endOf(key, await read());
  return undefined;
}

/** Of how many parts of a folder a person is told before its mark comes: there may be a thousand. */
const TOLD_PARTS = 3;

/** Counts the parts of folders, so that a person is told of the first ones only. */
export class PartsTold {
  readonly #parts = new Map<string, number>();

  /** Whether a person is told of an object; asked once for each, in the order in which they come. */
  next({ key, size }: CreatedObject): boolean {
    const kind = key.startsWith(UPLOADS_PREFIX) ? uploadKind({ key, bytes: size }) : undefined;
    const folder = folderOf(key);
    if (kind === 'mark') this.#parts.delete(folder);
    if (kind !== 'part') return true;
    const count = (this.#parts.get(folder) ?? 0) + 1;
    this.#parts.set(folder, count);
    return count <= TOLD_PARTS;
  }
}

function receiptOf(key: string, size: number): string | undefined {
  const kind = uploadKind({ key, bytes: size });
  const name = kind === 'part' ? nameOf(key) : sourceName(key);
  const received = `${namedFile(name, key)}  received, ${sizeText(size)}`;
  switch (kind) {
    case 'file':
      return received;
    case 'part':
      return `${received}; waits for ${whole(markKey(folderOf(key)))}`;
    case 'mark':
      return closedFolder(key) === undefined ? received : `${fileOf(key)}  closed, its parts are read`;
    case 'nothing':
      return undefined;
  }
}

function endOf(key: string, text: string): string {
  const { source, status, reason, rows, members, elapsedMs, edition } = summarySchema.parse(JSON.parse(text));
  const { scored, total } = members;
  const counts = `${count(rows.accepted)} of ${count(rows.read)} rows, ${count(scored)} of ${count(total)} members scored`;
  // The time of a resumed run would include the pause before it was resumed.
  const time = (edition?.round ?? 1) === 1 ? `, ${formatDuration(elapsedMs)}` : '';
  const cause = reason === undefined ? '' : `: ${whole(reason)}`;
  const report = key.slice(0, -OUTPUTS.summary.file.length);
  return `${fileOf(source.key)}  ${status}${cause}; ${counts}${time}; report in ${whole(report)}`;
}

function fileOf(key: string): string {
  return namedFile(sourceName(key), key);
}

function namedFile(name: string, key: string): string {
  return `${whole(name)} (${whole(partnerOf(key))})`;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
