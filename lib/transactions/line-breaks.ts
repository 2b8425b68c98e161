import { CARRIAGE_RETURN, LINE_FEED } from './fields.ts';

/**
 * Whether a carriage return alone ends a line, as in files of old Macs. The first line break of a file decides: where
 * a line feed is in it, be it after several carriage returns, a carriage return alone is a character like any other.
 * @returns undefined when there is no line break yet that would tell
 */
export function breaksAtCarriageReturn(bytes: Buffer, isLast: boolean): boolean | undefined {
  const carriageReturn = bytes.indexOf(CARRIAGE_RETURN);
  const lineFeed = bytes.indexOf(LINE_FEED);
  if (carriageReturn < 0) return lineFeed < 0 && !isLast ? undefined : false;
  if (lineFeed >= 0 && lineFeed < carriageReturn) return false;
  let next = carriageReturn;
  while (bytes[next] === CARRIAGE_RETURN) next++;
  return next === bytes.length && !isLast ? undefined : bytes[next] !== LINE_FEED;
}

/**
 * Puts line feeds where carriage returns stand alone, in place. One at the end stays unless the file ends with it: a
 * line feed may follow.
 */
export function putLineFeeds(bytes: Buffer, isLast: boolean): void {
  const end = isLast ? bytes.length : bytes.length - 1;
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0 && at < end; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (bytes[at + 1] !== LINE_FEED) bytes[at] = LINE_FEED;
  }
}
