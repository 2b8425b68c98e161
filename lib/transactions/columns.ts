import { excerpt } from '../excerpt.ts';
import type { Separator } from './separators.ts';
import { UnusableFileError } from './unusable-file.ts';

/** The columns that a file must have, by their documented names, and the other spellings seen in real files. */
const COLUMNS = {
  MEMBER_ID: ['memberid'],
  LAST_TRANSACTION_TS: ['lasttransactionts', 'lasttransactionutcts', 'lasttransatcionutcts'],
  LAST_TRANSACTION_TYPE: ['lasttransactiontype'],
  LAST_TRANSACTION_POINTS_BOUGHT: ['lasttransactionpointsbought'],
  LAST_TRANSACTION_REVENUE_USD: ['lasttransactionrevenueusd'],
} as const;

export type ColumnName = keyof typeof COLUMNS;

/** Where each needed column is, counted from 0, and how many fields a row has. */
export interface Columns {
  member: number;
  time: number;
  kind: number;
  points: number;
  revenue: number;
  width: number;
  separator: Separator;
}

const SPELLINGS: readonly [string, readonly string[]][] = Object.entries(COLUMNS);

/**
 * Finds the needed columns in a header row; names are compared lower-cased, letters and digits only.
 * @param maxColumns how many columns a header may have
 * @throws UnusableFileError when the row is no header, has too many columns, or a needed one is missing or there twice
 */
export function findColumns(header: readonly string[], separator: Separator, maxColumns: number): Columns {
  if (header.length > maxColumns) {
    throw new UnusableFileError(
      `too many columns: the header has ${header.length}, and ${maxColumns} are the most that is read`,
    );
  }
  const missing = missingColumns(header);
  if (missing.length === SPELLINGS.length) {
    throw new UnusableFileError(
      `no header: the first line must name the columns ${missing.join(', ')}, but it is ${quoted(header, separator)}`,
    );
  }
  if (missing.length > 0) {
    throw new UnusableFileError(`${missing.join(', ')} missing from the header, which is ${quoted(header, separator)}`);
  }
  const names = header.map(normalised);
  return {
    member: indexOf(names, 'MEMBER_ID'),
    time: indexOf(names, 'LAST_TRANSACTION_TS'),
    kind: indexOf(names, 'LAST_TRANSACTION_TYPE'),
    points: indexOf(names, 'LAST_TRANSACTION_POINTS_BOUGHT'),
    revenue: indexOf(names, 'LAST_TRANSACTION_REVENUE_USD'),
    width: header.length,
    separator,
  };
}

/** How many of the needed columns are among these. */
export function namedColumns(names: readonly string[]): number {
  return SPELLINGS.length - missingColumns(names).length;
}

function missingColumns(header: readonly string[]): string[] {
  const names = new Set(header.map(normalised));
  return SPELLINGS.filter(([, known]) => !known.some((name) => names.has(name))).map(([column]) => column);
}

function indexOf(names: readonly string[], column: ColumnName): number {
  const known: readonly string[] = COLUMNS[column];
  const first = names.findIndex((name) => known.includes(name));
  if (names.findLastIndex((name) => known.includes(name)) !== first) {
    throw new UnusableFileError(`${column} is in the header more than once: it is not clear which one counts`);
  }
  return first;
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const MAX_QUOTE_LENGTH = 200;

/** A header as it can be shown in a message: printable and not endless. */
function quoted(header: readonly string[], separator: Separator): string {
  const text = header.join(separator).replace(/\p{C}/gu, '\uFFFD');
  return JSON.stringify(excerpt(text, MAX_QUOTE_LENGTH));
}
