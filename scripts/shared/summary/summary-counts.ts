import { CALLS } from '../../../lib/calls.ts';
import { type LargestOffers, largestOffers } from '../../../lib/report/figures/largest-offers.ts';
import { outOfRangeCount, valuesText } from '../../../lib/report/view/wording.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { printable, whole } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';
import { textTable } from '../text-table.ts';

const SHARES = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** How many of a list are shown; what the others come to is one more line. */
const OFFERS_SHOWN = 8;
const PROBLEMS_SHOWN = 3;

/** Columns that the name of an offer may fill in its table. */
const OFFER_COLUMNS = 60;

const INDENT = '           ';

/** Why rows were rejected, the most frequent problems first. */
export function rejectionLines({ rejections }: Summary): string[] {
  const [shown, others] = split(rejections, PROBLEMS_SHOWN);
  const rows = shown.map(({ problem, rows }) => `${count(rows)} × ${whole(problem)}`);
  const more = otherReasons(
    'rows',
    sum(others, ({ rows }) => rows),
    others.length,
  );
  return [...rows, ...more].map((line) => `${INDENT}${line}`);
}

/** Which calls failed for good, the most frequent first, each with an example. */
export function failureLines({ failures }: Summary): string[] {
  const [shown, others] = split(failures, PROBLEMS_SHOWN);
  const rows = shown.map(({ step, status, calls, example }) => {
    const kind = status === undefined ? step : `${step} ${status}`;
    return `${count(calls)} × ${kind}: ${whole(example)}`;
  });
  const more = otherReasons(
    'calls',
    sum(others, ({ calls }) => calls),
    others.length,
  );
  return [...rows, ...more].map((line) => `${INDENT}${line}`);
}

/** Which predictions are not what is expected of them. */
export function outOfRangeLines({ outOfRange = [], members }: Summary): string[] {
  return outOfRange.map(
    (finding) => `  check    ${outOfRangeCount(finding, members.total)}: there it is ${valuesText(finding)}`,
  );
}

/** Members per offer, most first. Shares are of the members that were scored, so that they add up to 100 %. */
export function offerLines(summary: Summary): string[] {
  const { named, others } = shownOffers(summary);
  const rows: [string, number][] = named.map(({ offer, members }) => [printable(offer, OFFER_COLUMNS), members]);
  if (others.offers > 0) rows.push([othersText(others.offers), others.members]);
  const cells = rows.map(([offer, many]) => [offer, count(many), SHARES.format(many / summary.members.scored)]);
  return textTable(cells).map((line, place) => `  ${place === 0 ? 'offers ' : '       '}  ${line}`);
}

function shownOffers(summary: Summary): LargestOffers {
  const largest = largestOffers(summary, OFFERS_SHOWN);
  return largest.others.offers === 1 ? largestOffers(summary, OFFERS_SHOWN + 1) : largest;
}

/** How often the endpoints were called; nothing when they were not. */
export function requestLines({ requests }: Summary): string[] {
  const calls = CALLS.map((call) => requests[call]);
  if (sum(calls, ({ sent }) => sent) === 0) return [];
  const sent = CALLS.map((call) => `${count(requests[call].sent)} ${call}`).join(' + ');
  const retries = sum(calls, (call) => call.retries);
  const failed = sum(calls, (call) => call.failed);
  return [`  requests ${sent}; ${count(retries)} retries, ${count(failed)} calls failed for good`];
}

function split<T>(items: readonly T[], shown: number): [T[], T[]] {
  // A line that stands for one item may as well be that item.
  const end = items.length === shown + 1 ? items.length : shown;
  return [items.slice(0, end), items.slice(end)];
}

function otherReasons(items: string, many: number, reasons: number): string[] {
  return reasons === 0 ? [] : [`${count(many)} ${items} for ${count(reasons)} other reasons, see the report`];
}

function othersText(many: number): string {
  return `${count(many)} others, see the report`;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
