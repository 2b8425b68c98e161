import type { Step, Summary } from '../../lib/contracts.ts';

const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SHARES = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * What a run came to, for people: its status first, then what became of the rows and the members, the offers, and how
 * long every step took.
 *
 * @param elapsedMs from the beginning of the upload until the report was seen
 */
export function summaryText(summary: Summary, elapsedMs: number): string {
  const { status, reason, source, asOf, rows, members, runId } = summary;
  const { read, accepted, rejected, imputed } = rows;
  return [
    reason === undefined ? status : `${status}: ${reason}`,
    '',
    `  run      ${runId}`,
    `  file     ${source.key}${asOf === null ? '' : `, as of ${asOf}`}`,
    `  rows     ${count(read)} read = ${count(accepted)} accepted + ${count(rejected)} rejected; ${count(imputed)} values imputed`,
    `  members  ${count(members.total)} = ${count(members.scored)} scored + ${count(members.failed)} failed`,
    ...offerLines(summary),
    `  elapsed  ${duration(elapsedMs)} from the upload to the report`,
    ...stepLines(summary.steps),
  ].join('\n');
}

/** Milliseconds as people read them: `0.042 ms`, `12.3 ms`, `4.56 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 0.9995) return `${ms.toFixed(3)} ms`;
  // Limits at what still rounds down, so that nothing is written as 1000.0 ms or 60.00 s.
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Shares are of the members that were scored, so that they add up to 100 %. */
function offerLines({ offers, members }: Summary): string[] {
  const lines = Object.entries(offers)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([offer, many]) => [offer, count(many), SHARES.format(many / members.scored)]);
  return table(lines).map((line, place) => `  ${place === 0 ? 'offers ' : '       '}  ${line}`);
}

/** Without the steps that never came to be, as those of scoring when there is no member. */
function stepLines(steps: readonly Step[]): string[] {
  const taken = steps.filter((step) => step.count > 0);
  if (taken.length === 0) return [];
  const header = ['step', 'times', 'mean', 'p50', 'p95', 'p99', 'max', 'throughput'];
  return ['', ...table([header, ...taken.map(stepCells)]).map((line) => `  ${line}`)];
}

function stepCells(step: Step): string[] {
  return [
    step.step,
    `${count(step.count)} × ${step.unit}`,
    ...[step.meanMs, step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs].map(duration),
    step.throughputPerSecond > 0 ? `${count(step.throughputPerSecond)} ${step.items}/s` : '',
  ];
}

/** Lines up the cells of each column: the first column to the left, the others to the right. */
function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(aligned).join('  ').trimEnd());
}

function count(value: number): string {
  return COUNTS.format(value);
}
