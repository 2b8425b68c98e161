import { PRICES, type PricedItem } from './prices.ts';

/** What the invocations of one function have used, in all. */
export interface StageUsage {
  name: string;
  invocations: number;
  /** As billed: all invocations together, with the time in which they only wait for somebody else. */
  seconds: number;
  memoryMb: number;
  /** Requests: `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. DELETE costs nothing. */
  s3: { writes: number; reads: number };
}

export interface RunUsage {
  stages: readonly StageUsage[];
  /** What lies in the bucket because of it, and for how long. */
  stored?: { bytes: number; days: number };
  logBytes?: number;
  /** To endpoints outside of AWS's region. */
  sentBytes?: number;
}

/** One item of the bill; its price is `PRICES[item]`. */
export interface CostLine {
  /** Undefined for what belongs to no stage alone. */
  stage: string | undefined;
  item: PricedItem;
  /** In the price's units. */
  quantity: number;
  usd: number;
}

export interface Estimate {
  usd: number;
  /** What it is the sum of. */
  lines: CostLine[];
}

const BYTES_PER_GB = 1024 ** 3;
export const MB_PER_GB = 1024;

/** Days of a month, as a price per month is shared out here. */
export const DAYS_PER_MONTH = 30;

/** What a usage costs in USD at the published prices. */
export function estimate({ stages, stored, logBytes, sentBytes }: RunUsage): Estimate {
  const lines = stages.flatMap(stageLines);
  if (stored !== undefined) {
    lines.push(lineOf('s3Storage', (stored.bytes / BYTES_PER_GB) * (stored.days / DAYS_PER_MONTH)));
  }
  if (logBytes !== undefined) lines.push(lineOf('logs', logBytes / BYTES_PER_GB));
  if (sentBytes !== undefined) lines.push(lineOf('sent', sentBytes / BYTES_PER_GB));
  return { usd: lines.reduce((sum, { usd }) => sum + usd, 0), lines };
}

function stageLines({ name, invocations, seconds, memoryMb, s3 }: StageUsage): CostLine[] {
  return [
    lineOf('lambdaTime', (seconds * memoryMb) / MB_PER_GB, name),
    lineOf('lambdaRequests', invocations, name),
    lineOf('s3Writes', s3.writes, name),
    lineOf('s3Reads', s3.reads, name),
  ];
}

function lineOf(item: PricedItem, quantity: number, stage?: string): CostLine {
  const { usd, per } = PRICES[item];
  return { stage, item, quantity, usd: (quantity * usd) / per };
}
