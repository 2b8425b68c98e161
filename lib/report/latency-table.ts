import type { Step } from '../contracts.ts';
import type { CellValue, Column } from './workbook.ts';

const MS = '#,##0.000';

export const LATENCY_COLUMNS: readonly Column[] = [
  { header: 'STEP', width: 42 },
  { header: 'TIMED_PER', width: 14 },
  { header: 'COUNT', width: 12, format: '#,##0' },
  { header: 'MEAN_MS', width: 13, format: MS },
  { header: 'P50_MS', width: 13, format: MS },
  { header: 'P90_MS', width: 13, format: MS },
  { header: 'P95_MS', width: 13, format: MS },
  { header: 'P99_MS', width: 13, format: MS },
  { header: 'MAX_MS', width: 13, format: MS },
  { header: 'THROUGHPUT_PER_SECOND', width: 16, format: '#,##0.0' },
  { header: 'THROUGHPUT_OF', width: 16 },
];

export function latencyRow(step: Step): CellValue[] {
  const { meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs, throughputPerSecond } = step;
  return [step.step, step.unit, step.count, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs, throughputPerSecond, step.items];
}
