import type { Definition, FieldDefinition } from '../../lib/partners/definition.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { alignedAtPoint, alignedLeft, alignedRight } from './columns.ts';
import { signed } from './numbers.ts';
import { cellsOf, type TransactionCell } from './transaction-cells.ts';
import type { TransactionOfLine } from './transactions.ts';

/** With more transactions than this only the first and the last are shown. */
const MAX_SHOWN = 30;
const ENDS_SHOWN = 12;
const MAX_REJECTED_SHOWN = 10;
const MAX_RAW_LENGTH = 80;

/**
 * A member's transactions as a table, those marked that features of the latest ones look at.
 *
 * @param transactions at least one, in order of time
 */
export function transactionLines(transactions: readonly TransactionOfLine[], definition: Definition): string[] {
  const isCut = transactions.length > MAX_SHOWN;
  const shown = isCut ? [...transactions.slice(0, ENDS_SHOWN), ...transactions.slice(-ENDS_SHOWN)] : transactions;
  const recent = longestLast(definition);
  const cells = cellsOf(definition.input);
  const [header = '', ...rows] = table(shown, cells, recent);
  if (isCut) rows.splice(ENDS_SHOWN, 0, `    … ${transactions.length - shown.length} more …`);
  return [
    `transactions: ${transactions.length}, in order of time`,
    header,
    ...rows,
    ...recentLines(transactions.length, recent),
    ...(shown.some(({ blank }) => blank.length > 0) ? [`  ${blankMeanings(cells)}`] : []),
  ];
}

/** How many of all latest transactions some feature looks at; 0 when none does. */
function longestLast({ features }: Definition): number {
  return Math.max(0, ...Object.values(features).map(({ last = 0, where }) => (where === undefined ? last : 0)));
}

function recentLines(transactions: number, recent: number): string[] {
  if (recent === 0) return [];
  if (transactions <= recent) return [`  * all of them are among the ${recent} most recent`];
  return [`  * the ${recent} most recent; at the same time the later line is the more recent`];
}

/** As in: blank points and revenue are read as 0, a blank time as 1990-01-01, a blank kind as none. */
function blankMeanings(cells: readonly TransactionCell[]): string {
  const order = ['number', 'datetime', 'string'];
  const optional = cells
    .filter(({ field }) => field.required !== true)
    .toSorted((one, other) => order.indexOf(one.field.type) - order.indexOf(other.field.type));
  const meanings = Map.groupBy(optional, ({ field }) => meaningOfBlank(field));
  return [...meanings]
    .map(([meaning, those], place) => {
      const names = new Intl.ListFormat('en-GB').format(those.map(({ name }) => printable(name)));
      const verb = those.length > 1 ? ' are read' : ' is read';
      return `${those.length > 1 ? 'blank' : 'a blank'} ${names}${place === 0 ? verb : ''} as ${printable(meaning)}`;
    })
    .join(', ');
}

function meaningOfBlank({ default: value }: FieldDefinition): string {
  return value === undefined ? 'none' : String(value);
}

/** The header and a row each; the last ones are the most recent. */
function table(
  transactions: readonly TransactionOfLine[],
  cells: readonly TransactionCell[],
  recent: number,
): string[] {
  const columns = [
    alignedRight(['line', ...transactions.map(placeOf)]),
    ...cells.map((cell) => columnOf(cell, transactions)),
    ['', ...transactions.map(({ blank }) => (blank.length > 0 ? `blank: ${blank.join(', ')}` : ''))],
  ];
  const firstRecent = 1 + transactions.length - recent;
  return Array.from({ length: 1 + transactions.length }, (_, row) => {
    const mark = row > 0 && row >= firstRecent ? '*' : ' ';
    return `  ${mark} ${columns.map((column) => column[row]).join('  ')}`.trimEnd();
  });
}

function placeOf({ part, line }: TransactionOfLine): string {
  return part === undefined ? String(line) : `${printable(part)}:${line}`;
}

function columnOf({ name, field, read }: TransactionCell, transactions: readonly TransactionOfLine[]): string[] {
  const cells = transactions.map(({ values }) => read(values));
  switch (field.type) {
    case 'number': {
      const heading = field.unit === undefined ? name : `${name} ${field.unit}`;
      return alignedAtPoint(
        printable(heading),
        cells.map((cell) => (typeof cell === 'number' ? signed(cell) : '')),
      );
    }
    case 'datetime': {
      const { timezone = 'UTC' } = field;
      const texts = cells.map((cell) => (cell === undefined ? '' : timeText(String(cell), timezone)));
      return alignedLeft([printable(`${name} (${timezone})`), ...texts]);
    }
    case 'string':
      return alignedLeft([printable(name), ...cells.map((cell) => printable(String(cell ?? '')))]);
  }
}

/** Rejected rows that name a member: why a transaction is not counted. */
export function rejectedLines(rejected: readonly RejectedRow[]): string[] {
  if (rejected.length === 0) return [];
  const left = rejected.length - MAX_REJECTED_SHOWN;
  return [
    `rejected rows that name this member, and are not counted: ${rejected.length}`,
    ...rejected
      .slice(0, MAX_REJECTED_SHOWN)
      .flatMap(({ line, reason, raw }) => [
        `  line ${line}: ${whole(reason)}`,
        `    ${printable(raw, MAX_RAW_LENGTH)}`,
      ]),
    ...(left > 0 ? [`  … and ${left} more`] : []),
  ];
}

/** A time as clocks of the zone show it, as in the file: `2024-01-31 10:15:02`. */
function timeText(iso: string, timeZone: string): string {
  if (timeZone === 'UTC') return iso.replace('T', ' ').replace(/(\.000)?Z$/, '');
  // Swedish times are written so.
  return new Date(iso).toLocaleString('sv-SE', { timeZone });
}
