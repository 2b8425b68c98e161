import { basename } from 'node:path';
import { partnerOf, REPORTS_PREFIX, UPLOADS_PREFIX } from '../../lib/run/keys.ts';
import { OUTPUTS } from '../../lib/run/outputs.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import type { Subscription } from '../lambda/notification.ts';
import type { CreatedObject } from '../s3/store.ts';
import { whole } from './printable.ts';
import { count } from './units.ts';

/** Where people put files, or look for what has come of them; all else is between the stages. */
const KNOWN = /^(uploads|reports|runs|batches|checkpoints|progress|results|completed|resumed)\//;

/**
 * What a person is told of an object: that a file has come, why one starts nothing, or how a run has ended.
 *
 * @param started how many functions it has started
 * @param read reads the object
 * @returns undefined for what is of no interest
 */
export async function runLineOf(
  object: CreatedObject,
  started: number,
  subscriptions: readonly Subscription[],
  read: () => Promise<string>,
): Promise<string | undefined> {
  const { key, size } = object;
  if (key.startsWith(UPLOADS_PREFIX)) {
    if (started > 0) return `${fileOf(key)}  received, ${sizeText(size)}`;
    return `"${whole(key)}"  starts nothing: ${remedyOf(subscriptions)}`;
  }
  if (!KNOWN.test(key)) return `"${whole(key)}"  starts nothing: files belong under ${UPLOADS_PREFIX}<partner>/`;
  if (key.startsWith(REPORTS_PREFIX) && basename(key) === OUTPUTS.summary.file) return endOf(key, await read());
  return undefined;
}

/** As S3 compares them: letter by letter, blanks and all. */
function remedyOf(subscriptions: readonly Subscription[]): string {
  const suffixes = subscriptions.filter(({ prefix }) => prefix === UPLOADS_PREFIX).map(({ suffix }) => suffix);
  return `its name has to end in ${suffixes.join(' or ')}, with nothing behind it`;
}

function endOf(key: string, text: string): string {
  const { source, status, reason, rows, members, elapsedMs, edition } = summarySchema.parse(JSON.parse(text));
  const { scored, total } = members;
  const counts = `${count(rows.accepted)} of ${count(rows.read)} rows, ${count(scored)} of ${count(total)} members scored`;
  // That of a run which was taken up again includes how long nobody did.
  const time = (edition?.round ?? 1) === 1 ? `, ${formatDuration(elapsedMs)}` : '';
  const cause = reason === undefined ? '' : `: ${whole(reason)}`;
  const report = key.slice(0, -OUTPUTS.summary.file.length);
  return `${fileOf(source.key)}  ${status}${cause}; ${counts}${time}; report in ${whole(report)}`;
}

function fileOf(key: string): string {
  return `${whole(basename(key))} (${whole(partnerOf(key))})`;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
