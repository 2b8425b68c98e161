import { RECENT } from '../../lib/members/aggregates.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { alignedAtPoint, alignedLeft, alignedRight } from './columns.ts';
import { signed } from './numbers.ts';
import type { TransactionOfLine } from './transactions.ts';

/** With more transactions than this only the first and the last are shown. */
const MAX_SHOWN = 30;
const ENDS_SHOWN = 12;
const MAX_REJECTED_SHOWN = 10;
const MAX_RAW_LENGTH = 80;

/**
 * A member's transactions as a table, those of LAST_3 marked.
 *
 * @param transactions at least one, in order of time
 */
export function transactionLines(transactions: readonly TransactionOfLine[]): string[] {
  const isCut = transactions.length > MAX_SHOWN;
  const shown = isCut ? [...transactions.slice(0, ENDS_SHOWN), ...transactions.slice(-ENDS_SHOWN)] : transactions;
  const [header = '', ...rows] = table(shown);
  if (isCut) rows.splice(ENDS_SHOWN, 0, `    … ${transactions.length - shown.length} more …`);
  return [
    `transactions: ${transactions.length}, in order of time`,
    header,
    ...rows,
    transactions.length > RECENT ? WHICH_ARE_RECENT : `  * all of them are among the ${RECENT} most recent`,
    ...(shown.some(({ blank }) => blank.length > 0) ? [WHAT_BLANK_MEANS] : []),
  ];
}

const WHICH_ARE_RECENT = `  * the ${RECENT} most recent; at the same time the later line is the more recent`;
const WHAT_BLANK_MEANS = '  blank points and revenue are read as 0, a blank time as 1990-01-01, a blank kind as none';

/** The header and a row each; the last ones are the most recent. */
function table(transactions: readonly TransactionOfLine[]): string[] {
  const columns = [
    alignedRight(['line', ...transactions.map(({ line }) => String(line))]),
    alignedLeft(['time (UTC)', ...transactions.map(({ time }) => timeText(time))]),
    alignedLeft(['kind', ...transactions.map(({ kind }) => kind ?? '')]),
    alignedAtPoint(
      'points',
      transactions.map(({ points }) => signed(points)),
    ),
    alignedAtPoint(
      'revenue USD',
      transactions.map(({ revenueUsd }) => signed(revenueUsd)),
    ),
    ['', ...transactions.map(({ blank }) => (blank.length > 0 ? `blank: ${blank.join(', ')}` : ''))],
  ];
  const firstRecent = 1 + transactions.length - RECENT;
  return Array.from({ length: 1 + transactions.length }, (_, row) => {
    const mark = row > 0 && row >= firstRecent ? '*' : ' ';
    return `  ${mark} ${columns.map((column) => column[row]).join('  ')}`.trimEnd();
  });
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

function timeText(time: number): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}
