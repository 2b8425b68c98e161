import { PRICES, type PricedItem } from './prices.ts';

/** What all invocations of one function together have used. */
export interface StageUsage {
  name: string;
  invocations: number;
  /** Billed time of all invocations together, including the time in which they only wait. */
  seconds: number;
  memoryMb: number;
  /** Requests: `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. DELETE is free. */
  s3: { writes: number; reads: number };
}

export interface RunUsage {
  stages: readonly StageUsage[];
  /** How much the run stores in the bucket, and for how long. */
  stored?: { bytes: number; days: number };
  logBytes?: number;
  /** Sent to endpoints outside of the AWS region. */
  sentBytes?: number;
}

/** One line of the bill; its price is `PRICES[item]`. */
export interface CostLine {
  /** Undefined when the cost belongs to no single stage. */
  stage: string | undefined;
  item: PricedItem;
  /** In the unit of the price. */
  quantity: number;
  usd: number;
}

export interface Estimate {
  usd: number;
  /** The lines that `usd` is the sum of. */
  lines: CostLine[];
}

const BYTES_PER_GB = 1024 ** 3;
export const MB_PER_GB = 1024;

/** Length of a month, in days, when a price per month is applied. */
export const DAYS_PER_MONTH = 30;

/** The cost of a usage in USD at the published prices. */
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
