import type { Summary } from '../../../lib/run/summary.ts';
import { whole } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';
import { USUAL_COLUMNS, wrapped } from '../wrapping.ts';
import { boundaryLines } from './summary-boundary.ts';
import { costLine } from './summary-cost.ts';
import { failureLines, offerLines, outOfRangeLines, rejectionLines, requestLines } from './summary-counts.ts';
import { elapsedLine, stepLines, timeLine } from './summary-times.ts';

/** Columns before what a line tells, and those of a line that is about one above it. */
const INDENT = 11;
const DEEPER_INDENT = 13;

/** How a summary is told. */
export interface Telling {
  /** The longest line but for those of tables; 110 unless told. */
  columns?: number;
  /** The command that calls the endpoints again for members that have failed; undefined where none can. */
  resumeCommand?: string | undefined;
  /** Whether the run was taken up again just now, and the time is that since then. */
  isResumed?: boolean;
}

/**
 * What a run came to, for people: its status first, then what became of the rows and the members, the offers, and how
 * long everything took. Texts from outside are made harmless, so it may be printed on a terminal, and reasons are whole.
 *
 * @param elapsedMs from the beginning of the upload until the report was seen; undefined where nobody waited for it
 */
export function summaryText(
  summary: Summary,
  elapsedMs: number | undefined,
  { columns = USUAL_COLUMNS, resumeCommand, isResumed = false }: Telling = {},
): string {
  const { status, reason, source, asOf, rows, members, runId } = summary;
  const { read, accepted, rejected, imputed } = rows;
  const told = (lines: readonly string[], indent = INDENT) => lines.map((line) => wrapped(line, columns, indent));
  return [
    ...told([reason === undefined ? status : `${status}: ${whole(reason)}`], 2),
    '',
    ...told([
      `  run      ${whole(runId)}`,
      `  file     ${whole(source.key)}${asOf === null ? '' : `, as of ${asOf}`}`,
      `  rows     ${count(read)} read = ${count(accepted)} accepted + ${count(rejected)} rejected; ${count(imputed)} blank values given a default`,
    ]),
    ...told(rejectionLines(summary), DEEPER_INDENT),
    ...told([`  members  ${count(members.total)} = ${count(members.scored)} scored + ${count(members.failed)} failed`]),
    ...told(failureLines(summary), DEEPER_INDENT),
    ...resumeLines(members.failed, resumeCommand),
    ...told(outOfRangeLines(summary), DEEPER_INDENT),
    ...offerLines(summary),
    ...told([
      ...boundaryLines(summary),
      ...requestLines(summary),
      ...timeLine(summary, isResumed),
      ...costLine(summary),
      ...elapsedLine(elapsedMs, isResumed),
    ]),
    ...stepLines(summary.steps),
  ].join('\n');
}

/** What to do about members that have failed. The command is not wrapped: it is there to be copied. */
function resumeLines(failed: number, command: string | undefined): string[] {
  if (failed === 0 || command === undefined) return [];
  return [
    '  resume   calls the endpoints again for them alone, when the cause is gone:',
    `${' '.repeat(INDENT)}${command}`,
  ];
}
