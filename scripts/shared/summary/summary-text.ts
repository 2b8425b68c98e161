import type { KeyFigure } from '../../../lib/report/view/facts.ts';
import type { OfferRow } from '../../../lib/report/view/offers.ts';
import type { FailureRow, ProblemRow } from '../../../lib/report/view/problems.ts';
import { STEP_TIMES, type StepRow } from '../../../lib/report/view/times.ts';
import { type RunView, viewOf } from '../../../lib/report/view/view.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { formatDuration } from '../../../lib/timing/duration.ts';
import { printable, whole } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';
import { textTable } from '../text-table.ts';
import { USUAL_COLUMNS, wrapped } from '../wrapping.ts';

/** Columns of what stands before a line, and those of a line that is about one above it. */
const LABEL_COLUMNS = 8;
const INDENT = LABEL_COLUMNS + 3;
const DEEPER_INDENT = INDENT + 2;

/** Columns for the words of a table's cells. */
const CELL_COLUMNS = 16;

/** Lines of lists: all of it fits on one screen. */
const ROOM = { offers: 8, failures: 3, rejections: 3, boundaries: 1 };

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
 * What a run came to, for people: its status first, then which run it was, what failed, the offers, and how long
 * everything took. Texts from outside are made harmless, so it may be printed on a terminal, and reasons are whole.
 *
 * @param elapsedMs from the beginning of the upload until the report was seen; undefined where nobody waited for it
 */
export function summaryText(
  summary: Summary,
  elapsedMs: number | undefined,
  { columns = USUAL_COLUMNS, resumeCommand, isResumed = false }: Telling = {},
): string {
  const view = viewOf(summary, ROOM);
  const isAgain = isResumed || (summary.edition?.round ?? 1) > 1;
  const told = (lines: readonly string[], indent = INDENT) => lines.map((line) => wrapped(line, columns, indent));
  return [
    ...told([summary.reason === undefined ? view.status : `${view.status}: ${whole(view.reason)}`], 2),
    '',
    ...told(view.facts.flatMap(({ name, text }) => labelled(name, [text]))),
    ...view.keyFigures.flatMap(({ of, name, text }) => {
      // In a run that was taken up again there was a time when nobody was at work.
      if (of === 'time' && isAgain) return [];
      const below = problemLines(view, of).map((line) => `${' '.repeat(INDENT)}${whole(line)}`);
      const remedy = of === 'members' ? resumeLines(summary.members.failed, resumeCommand) : [];
      return [...told(labelled(name, [text])), ...told(below, DEEPER_INDENT), ...remedy];
    }),
    ...told(
      view.checks.flatMap((check) => labelled('check', [`${check.count}: there it is ${check.values}`])),
      DEEPER_INDENT,
    ),
    ...offerLines(view.offers),
    ...told(labelled('boundary', view.boundaries)),
    ...told(elapsedLine(elapsedMs, isResumed)),
    ...stepLines(view.steps),
  ].join('\n');
}

/** What went wrong of what a key figure counts. */
function problemLines({ failures, rejections }: RunView, of: KeyFigure['of']): string[] {
  if (of === 'members') return failures.map(failureText);
  return of === 'rows' ? rejections.map(problemText) : [];
}

function failureText(failure: FailureRow): string {
  const text = problemText(failure);
  return failure.example === undefined ? text : `${text}: ${failure.example}`;
}

function problemText({ countText, problem }: ProblemRow): string {
  return `${countText} × ${problem}`;
}

/** Lines below each other, of which the first has a label. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map(
    (line, place) => `  ${(place === 0 ? label.toLowerCase() : '').padEnd(LABEL_COLUMNS)} ${whole(line)}`,
  );
}

/** What to do about members that have failed. The command is not wrapped: it is there to be copied. */
function resumeLines(failed: number, command: string | undefined): string[] {
  if (failed === 0 || command === undefined) return [];
  return [
    '  resume   calls the endpoints again for them alone, when the cause is gone:',
    `${' '.repeat(INDENT)}${command}`,
  ];
}

/** Members per offer, most first. */
function offerLines(offers: readonly OfferRow[]): string[] {
  const cells = offers.map(({ name, membersText, shareText }) => [whole(name), membersText, shareText]);
  return textTable(cells).map((line, place) => `  ${(place === 0 ? 'offers' : '').padEnd(LABEL_COLUMNS)} ${line}`);
}

/** How long somebody waited for the report; nothing when nobody did. */
function elapsedLine(elapsedMs: number | undefined, isResumed: boolean): string[] {
  if (elapsedMs === undefined) return [];
  const since = isResumed ? 'since the run was taken up again' : 'here, with the upload and until the report was seen';
  return labelled('elapsed', [`${formatDuration(elapsedMs)} ${since}`]);
}

/** A table of the steps, without single features, which are in the report, and what the phases tell. */
function stepLines(steps: readonly StepRow[]): string[] {
  const shown = steps.filter(({ isDetail }) => !isDetail);
  if (shown.length === 0) return [];
  const header = ['step', 'times', ...STEP_TIMES, 'throughput'];
  return ['', ...textTable([header, ...shown.map(stepCells)]).map((line) => `  ${line}`)];
}

function stepCells({ step, count: times, unit, times: durations, throughput }: StepRow): string[] {
  return [
    printable(step, CELL_COLUMNS),
    `${count(times)} × ${printable(unit, CELL_COLUMNS)}`,
    ...durations.map(formatDuration),
    printable(throughput, 2 * CELL_COLUMNS),
  ];
}
