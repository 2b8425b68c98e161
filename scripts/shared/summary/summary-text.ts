import type { KeyFigure } from '../../../lib/report/view/facts.ts';
import { inputLines } from '../../../lib/report/view/input.ts';
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

/** Columns of the label before a line, and indents of lines that belong to a line above them. */
const LABEL_COLUMNS = 8;
const INDENT = LABEL_COLUMNS + 3;
const DEEPER_INDENT = INDENT + 2;

/** Columns for words in a table's cells. */
const CELL_COLUMNS = 16;

/** The largest number of lines of each list, so that the text fits on one screen. */
const ROOM = { offers: 8, failures: 3, rejections: 3, boundaries: 1 };

/** How a summary is printed. */
export interface Telling {
  /** Columns of the longest line, except in tables; by default 110. */
  columns?: number;
  /** The command that calls the endpoints again for failed members; undefined when there is none. */
  resumeCommand?: string | undefined;
  /** Whether the run has just been resumed, so that the elapsed time began then. */
  isResumed?: boolean;
}

/**
 * The summary of a run for people: its status first, then the facts, what failed, the offers, and how long everything
 * took. Texts from outside are made safe for a terminal, and reasons are not cut.
 *
 * @param elapsedMs from the beginning of the upload until the report was seen; undefined when nobody waited for it
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
      // Left out for a resumed run, because the time would include a pause in which no function was at work.
      if (of === 'time' && isAgain) return [];
      const below = problemLines(view, of).map((line) => `${' '.repeat(INDENT)}${whole(line)}`);
      const remedy = of === 'members' ? resumeLines(summary.members.failed, resumeCommand) : [];
      return [...told(labelled(name, [text])), ...told(below, DEEPER_INDENT), ...remedy];
    }),
    ...told(labelled('input', view.input === undefined ? [] : inputLines(view.input)), DEEPER_INDENT),
    ...told(
      view.checks.flatMap((check) => labelled('check', [check.text])),
      DEEPER_INDENT,
    ),
    ...offerLines(view.offers),
    ...told(labelled('boundary', view.boundaries)),
    ...told(elapsedLine(elapsedMs, isResumed)),
    ...stepLines(view.steps),
  ].join('\n');
}

/** The problems of what a key figure counts. */
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

/** Lines with a label before the first. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map(
    (line, place) => `  ${(place === 0 ? label.toLowerCase() : '').padEnd(LABEL_COLUMNS)} ${whole(line)}`,
  );
}

/** What to do about failed members. The command is not wrapped, so that it can be copied. */
function resumeLines(failed: number, command: string | undefined): string[] {
  if (failed === 0 || command === undefined) return [];
  return [
    '  resume   calls the endpoints again for the failed members alone; run it when the cause is gone:',
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
  const since = isResumed ? 'since the run was resumed' : 'here, with the upload and until the report was seen';
  return labelled('elapsed', [`${formatDuration(elapsedMs)} ${since}`]);
}

/** A table of the steps, without single features, which are in the report, and without the waits, which are phases. */
function stepLines(steps: readonly StepRow[]): string[] {
  const shown = steps.filter(({ isDetail }) => !isDetail);
  if (shown.length === 0) return [];
  const isBatched = shown.some(({ requests }) => requests !== '');
  const header = ['step', 'times', ...STEP_TIMES, 'throughput', ...(isBatched ? ['requests'] : [])];
  const cells = shown.map((step) => [...stepCells(step), ...(isBatched ? [step.requests] : [])]);
  return ['', ...textTable([header, ...cells]).map((line) => `  ${line}`)];
}

function stepCells({ step, count: times, unit, times: durations, throughput }: StepRow): string[] {
  return [
    printable(step, CELL_COLUMNS),
    `${count(times)} × ${printable(unit, CELL_COLUMNS)}`,
    ...durations.map(formatDuration),
    printable(throughput, 2 * CELL_COLUMNS),
  ];
}
