import { FEATURE_NAMES, type Step, type Summary } from '../../lib/contracts.ts';
import { printable } from './printable.ts';
import { textTable } from './text-table.ts';
import { count, duration } from './units.ts';

/** The single features, which are in the report, and what the phases tell. */
const LEFT_OUT: ReadonlySet<string> = new Set([...FEATURE_NAMES, 'wait', 'wait features', 'wait report']);

/** Columns for the words of a table's cells. */
const CELL_COLUMNS = 16;

/** Where the time between the upload and the report went. */
export function timeLine({ elapsedMs, phases }: Summary): string[] {
  if (phases.length === 0) return [];
  const seconds = (ms: number) => (ms / 1000).toFixed(elapsedMs < 10_000 ? 2 : 1);
  // The two waits are told apart by what they come before.
  const parts = phases.map(({ phase, durationMs }) => `${phase.replace(/^wait .*/, 'wait')} ${seconds(durationMs)}`);
  return [`  time     ${seconds(elapsedMs)} s = ${parts.join(' + ')}`];
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
    ...[step.meanMs, step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs].map(duration),
    step.throughputPerSecond > 0 ? `${count(step.throughputPerSecond)} ${items}/s` : '',
  ];
}
