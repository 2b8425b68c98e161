import { FEATURE_NAMES } from '../../../lib/members/features.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { formatDuration } from '../../../lib/timing/duration.ts';
import type { Step } from '../../../lib/timing/step-timer.ts';
import { printable } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';

import { textTable } from '../text-table.ts';

/** The single features, which are in the report, and what the phases tell. */
const LEFT_OUT: ReadonlySet<string> = new Set([...FEATURE_NAMES, 'wait', 'wait features', 'wait report']);

/** Columns for the words of a table's cells. */
const CELL_COLUMNS = 16;

/**
 * Where the time between the upload and the report went. Of a run that was taken up again, in which there was a time
 * when nobody was at work, only when its file was dropped.
 */
export function timeLine({ elapsedMs, phases, finishedAt, edition }: Summary, isResumed: boolean): string[] {
  if (phases.length === 0) return [];
  if (isResumed || (edition?.round ?? 1) > 1) {
    const dropped = new Date(Date.parse(finishedAt) - elapsedMs).toISOString();
    return [`  dropped  ${dropped.slice(0, 'YYYY-MM-DD'.length)} ${dropped.slice(11, 19)} UTC`];
  }
  const seconds = (ms: number) => (ms / 1000).toFixed(elapsedMs < 10_000 ? 2 : 1);
  // The two waits are told apart by what they come before.
  const parts = phases.map(({ phase, durationMs }) => `${phase.replace(/^wait .*/, 'wait')} ${seconds(durationMs)}`);
  return [`  time     ${seconds(elapsedMs)} s = ${parts.join(' + ')}`];
}

/** How long somebody waited for the report; nothing when nobody did. */
export function elapsedLine(elapsedMs: number | undefined, isResumed: boolean): string[] {
  if (elapsedMs === undefined) return [];
  const since = isResumed ? 'since the run was taken up again' : 'here, with the upload and until the report was seen';
  return [`  elapsed  ${formatDuration(elapsedMs)} ${since}`];
}

/** A table of the steps, without those that never came to be, as those of scoring when there is no member. */
export function stepLines(steps: readonly Step[]): string[] {
  const taken = steps.filter(({ step, count: times }) => times > 0 && !LEFT_OUT.has(step));
  if (taken.length === 0) return [];
  const header = ['step', 'times', 'mean', 'p50', 'p95', 'p99', 'max', 'throughput'];
  return ['', ...textTable([header, ...taken.map(stepCells)]).map((line) => `  ${line}`)];
}

function stepCells(step: Step): string[] {
  const items = printable(step.items, CELL_COLUMNS);
  return [
    printable(step.step, CELL_COLUMNS),
    `${count(step.count)} × ${printable(step.unit, CELL_COLUMNS)}`,
    ...[step.meanMs, step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs].map(formatDuration),
    step.throughputPerSecond > 0 ? `${count(step.throughputPerSecond)} ${items}/s` : '',
  ];
}
