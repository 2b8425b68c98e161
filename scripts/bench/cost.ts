import {
  type CostLine,
  DAYS_PER_MONTH,
  type Estimate,
  estimate,
  MB_PER_GB,
  type RunUsage,
} from '../../lib/cost/estimate.ts';
import { PRICES, PRICES_OF, type Price, type PricedItem } from '../../lib/cost/prices.ts';
import { textTable } from '../shared/text-table.ts';
import { distributedMap, type Orchestration } from './step-functions.ts';

const MILLION = 1_000_000;

/** The usage of a run with its number of members. */
export interface UsageOfMembers extends RunUsage {
  members: number;
}

export interface CostOfMembers extends Estimate {
  /** Per million members, as if cost grew with members alone. */
  usdPerMillion: number;
  /** The cost of Step Functions for the same number of members. */
  stepFunctions: Orchestration;
  /** The arithmetic, to be checked with a calculator: a header, a row for each line of the bill, the sums. */
  rows: string[][];
}

/** The cost of a run at AWS's published prices, and for comparison that of starting a workflow per member. */
export function costOfRun(usage: UsageOfMembers): CostOfMembers {
  const { members } = usage;
  const { usd, lines } = estimate(usage);
  const usdPerMillion = (usd * MILLION) / members;
  const stepFunctions = distributedMap(members);
  const sum = (name: string, how: string, value: number) => [name, how, '', dollars(value)];
  const rows = [
    ['', 'quantity', 'price', 'USD'],
    ...lines.map((line) => [nameOf(line), quantityOf(line, usage), priceOf(PRICES[line.item]), dollars(line.usd)]),
    sum('sum', `${number(members)} members`, usd),
    sum('per million members', `${dollars(usd)} × 1,000,000 / ${number(members)}`, usdPerMillion),
  ];
  return { usd, lines, usdPerMillion, stepFunctions, rows };
}

/** The cost as lines of text, with the comparison and the sources of the prices. */
export function costText({ rows, stepFunctions }: CostOfMembers, { members }: UsageOfMembers): string[] {
  const { standardUsd, expressUsd, lines } = stepFunctions;
  const sources = new Set(Object.values(PRICES).map(({ source }) => source));
  return [
    ...textTable(rows),
    '',
    `For comparison, Step Functions' Distributed Map with one state per member, the orchestration alone, for ${number(members)}:`,
    ...textTable([
      [`  ${lines[0]}`, dollars(standardUsd)],
      [`  ${lines[1]}`, dollars(expressUsd)],
    ]),
    '',
    `Prices of ${PRICES_OF.region}, ${PRICES_OF.asOf}, without free tiers: ${[...sources].join(', ')}`,
  ];
}

const ITEMS: Record<PricedItem, string> = {
  lambdaTime: 'Lambda time',
  lambdaRequests: 'Lambda requests',
  s3Writes: 'S3 PUT, COPY, LIST',
  s3Reads: 'S3 GET, HEAD',
  s3Storage: 'S3 storage',
  logs: 'logs',
  sent: 'sent to endpoints',
};

function nameOf({ stage, item }: CostLine): string {
  return stage === undefined ? ITEMS[item] : `${stage}: ${ITEMS[item]}`;
}

/** A quantity with its factors, if it is a product. */
function quantityOf({ stage, item, quantity }: CostLine, { stages, stored }: UsageOfMembers): string {
  const inAll = number(quantity);
  const used = stages.find(({ name }) => name === stage);
  if (item === 'lambdaTime' && used !== undefined) {
    return `${number(used.seconds)} s × ${used.memoryMb} MB / ${MB_PER_GB} = ${inAll}`;
  }
  if (item === 's3Storage' && stored !== undefined) {
    return `${number(stored.bytes)} bytes / 1024³ × ${stored.days} / ${DAYS_PER_MONTH} days = ${inAll}`;
  }
  return inAll;
}

function priceOf({ usd, per, unit }: Price): string {
  return per === 1 ? `$${usd} per ${unit}` : `$${usd} per ${number(per)} ${unit}s`;
}

const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const DOLLARS = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 6,
  maximumFractionDigits: 6,
});

function number(value: number): string {
  return NUMBERS.format(value);
}

function dollars(value: number): string {
  return DOLLARS.format(value);
}
