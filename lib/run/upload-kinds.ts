import { shownText } from '../excerpt.ts';
import { isOfWork, MARK } from '../left-behind.ts';
import { UPLOADS_PREFIX } from './keys.ts';

/**
 * What an object below `uploads/` is, by its key:
 *
 *     uploads/<partner>/<name>                      a file, which has a run of its own
 *     uploads/<partner>/<folder>/…/part-<any name>  a part of a folder; the folder's run reads all of them as one file
 *     uploads/<partner>/<folder>/…/_SUCCESS         the mark that closes a folder: its run begins
 *
 * Programs that write such folders put files of their own beside the parts. These are nothing, and so is the empty object
 * by which a client shows a folder. Everything else is a file, which gets a report whatever it holds.
 */
export type UploadKind = 'file' | 'part' | 'mark' | 'nothing';

/** An object as an event or a listing describes it. @param bytes undefined when it is not known, as of few S3 services */
interface UploadedObject {
  key: string;
  bytes?: number | undefined;
}

/** With which the name of a part begins. */
export const PART = 'part-';

/** What clients store to show a folder that holds nothing; the second one is Hadoop's. */
const EMPTY_FOLDER = /(?:\/|_\$folder\$)$/;

export function uploadKind({ key, bytes = 0 }: UploadedObject): UploadKind {
  if (bytes === 0 && EMPTY_FOLDER.test(key)) return 'nothing';
  const name = nameOf(key);
  const folders = foldersOf(key);
  if (folders.length === 0) return name === MARK ? 'mark' : 'file';
  if (isOfWork(folders, name)) return 'nothing';
  if (name === MARK) return 'mark';
  return name.startsWith(PART) ? 'part' : 'file';
}

/** Whether an object starts a run, and so gets a report: a file, or the mark of a folder. */
export function startsRun(upload: UploadedObject): boolean {
  return ['file', 'mark'].includes(uploadKind(upload));
}

/** The folder that an object lies in: `uploads/acme/january/`. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** What is left of a key without its folder. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The name of a part as a message can show it. */
export function shownPart(key: string): string {
  return shownText(nameOf(key));
}

/** The folder that a mark closes; undefined where it lies in none. */
export function closedFolder(markKey: string): string | undefined {
  return foldersOf(markKey).length === 0 ? undefined : folderOf(markKey);
}

export function markKey(folder: string): string {
  return `${folder}${MARK}`;
}

/** With which the keys of a folder's parts begin; those of what lies in folders below it may, too. */
export function partPrefix(folder: string): string {
  return `${folder}${PART}`;
}

/** Where a run's rows come from, as people know it: the file, or the folder that a mark closes, or whose parts wait for one. */
export function shownSource(sourceKey: string): string {
  if (uploadKind({ key: sourceKey }) === 'part') return folderOf(sourceKey);
  return nameOf(sourceKey) === MARK ? (closedFolder(sourceKey) ?? sourceKey) : sourceKey;
}

/** The name alone: `members.csv`, `january/`. */
export function sourceName(sourceKey: string): string {
  const shown = shownSource(sourceKey);
  return nameOf(shown) === '' ? `${nameOf(shown.slice(0, -1))}/` : nameOf(shown);
}

/** The folders between the partner's and an object. */
function foldersOf(key: string): string[] {
  const [, ...path] = key.slice(UPLOADS_PREFIX.length).split('/');
  return path.slice(0, -1);
}
