import type { Summary } from '../../lib/contracts.ts';
import { printable } from './printable.ts';
import { boundaryLines } from './summary-boundary.ts';
import { costLine } from './summary-cost.ts';
import { failureLines, offerLines, outOfRangeLines, rejectionLines, requestLines } from './summary-counts.ts';
import { stepLines, timeLine } from './summary-times.ts';
import { count, duration } from './units.ts';

/** Columns that texts from outside may fill, so that a line is no longer than 110. */
const REASON_COLUMNS = 99;
const FILE_COLUMNS = 80;

/**
 * What a run came to, for people: its status first, then what became of the rows and the members, the offers, and how
 * long everything took. Texts from outside are made harmless and are cut, so it may be printed on a terminal.
 *
 * @param elapsedMs from the beginning of the upload until the report was seen
 */
export function summaryText(summary: Summary, elapsedMs: number): string {
  const { status, reason, source, asOf, rows, members, runId } = summary;
  const { read, accepted, rejected, imputed } = rows;
  return [
    reason === undefined ? status : `${status}: ${printable(reason, REASON_COLUMNS)}`,
    '',
    `  run      ${printable(runId, FILE_COLUMNS)}`,
    `  file     ${printable(source.key, FILE_COLUMNS)}${asOf === null ? '' : `, as of ${asOf}`}`,
    `  rows     ${count(read)} read = ${count(accepted)} accepted + ${count(rejected)} rejected; ${count(imputed)} values imputed`,
    ...rejectionLines(summary),
    `  members  ${count(members.total)} = ${count(members.scored)} scored + ${count(members.failed)} failed`,
    ...failureLines(summary),
    ...outOfRangeLines(summary),
    ...offerLines(summary),
    ...boundaryLines(summary),
    ...requestLines(summary),
    ...timeLine(summary),
    ...costLine(summary),
    `  elapsed  ${duration(elapsedMs)} from the upload to the report`,
    ...stepLines(summary.steps),
  ].join('\n');
}
