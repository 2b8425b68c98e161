import { type Separator, separatorName } from './separators.ts';

export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const QUOTE = 34;

/** How far the fields of a row could be followed. */
export interface ScannedFields {
  /** After the line break that ends the row; undefined when it does not end before the scan does. */
  to?: number;
  /** Fields up to there. */
  count: number;
  /** Whether any of them is quoted. */
  isQuoted: boolean;
  /** A quote stands where none may. */
  problem?: string;
  /** Whether a quote is open where the scan ended. */
  isOpen?: boolean;
}

/** Goes from field to field by the rules of csv-parse, which does not go on after a quote where none may stand. */
export function scanFields(bytes: Buffer, from: number, separator: Separator, end: number): ScannedFields {
  const separatorByte = separator.charCodeAt(0);
  let at = from;
  let isQuoted = false;
  for (let count = 1; ; count++) {
    const isQuotedField = at < end && bytes[at] === QUOTE;
    isQuoted ||= isQuotedField;
    const after = isQuotedField ? afterQuoted(bytes, at, end) : afterPlain(bytes, at, end, separatorByte);
    if (after === undefined) return { count, isQuoted, isOpen: true };
    if (after >= end) return { count, isQuoted };
    if (bytes[after] === LINE_FEED) return { count, isQuoted, to: after + 1 };
    if (bytes[after] !== separatorByte) {
      return { count, isQuoted, problem: isQuotedField ? unmatched(separator) : QUOTE_INSIDE_FIELD };
    }
    at = after + 1;
  }
}

const QUOTE_INSIDE_FIELD = 'a quote stands inside a field that does not begin with one';

function unmatched(separator: Separator): string {
  return `the quotes do not match: a quoted field must end at a ${separatorName(separator)} or the end of the line`;
}

/** The place after a quoted field, undefined when nothing closes it. Two quotes in a row are one that is meant. */
function afterQuoted(bytes: Buffer, from: number, end: number): number | undefined {
  let quote = bytes.indexOf(QUOTE, from + 1);
  while (quote >= 0 && quote < end) {
    const next = bytes[quote + 1];
    if (next !== QUOTE) return next === CARRIAGE_RETURN ? afterCarriageReturn(bytes, quote + 2) : quote + 1;
    quote = bytes.indexOf(QUOTE, quote + 2);
  }
  return undefined;
}

/** A carriage return belongs to the line break after it, which may not have arrived; else it is a place of its own. */
function afterCarriageReturn(bytes: Buffer, next: number): number {
  return next >= bytes.length || bytes[next] === LINE_FEED ? next : next - 1;
}

/** The place after an unquoted field: of a separator, a line break, or a quote that must not be there. */
function afterPlain(bytes: Buffer, from: number, end: number, separatorByte: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (byte === separatorByte || byte === LINE_FEED || byte === QUOTE) return at;
  }
  return end;
}
