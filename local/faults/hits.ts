import { ALTERATIONS, isAlterationName } from './alterations.ts';
import type { ServiceCall } from './asked.ts';
import type { AnyFault, Chance, Misconduct, Sore } from './spec.ts';

/** Random numbers from 0 to 1. */
export interface Draws {
  fault: number;
  latency: number;
  /** Which row is hit by a fault of a single one. */
  row: number;
}

/** The faults that hit a request, each with the rows that it hits. */
export type Hits = ReadonlyMap<AnyFault, ReadonlySet<number>>;

/**
 * What hits a request: the faults of its rows; by its size, or by chance, one more.
 *
 * @param drawInput a number from 0 to 1 for a row, the same each time
 */
export function hitsOf(
  misconduct: Misconduct,
  asked: Pick<ServiceCall, 'rows' | 'bytes'>,
  draws: Draws,
  drawInput: (row: unknown) => number,
): Hits {
  const hits = new Map<AnyFault, Set<number>>();
  const hit = (fault: AnyFault, row: number) => hits.set(fault, (hits.get(fault) ?? new Set()).add(row));
  const faults = asked.rows.map((row) => faultOfRow(misconduct, row, drawInput));
  for (const [row, fault] of faults.entries()) if (fault !== undefined) hit(fault, row);
  const whole =
    faultOfSize(misconduct, asked) ?? (isAllHit(faults) ? undefined : pick(misconduct.chances, draws.fault));
  if (whole !== undefined) {
    const rows = isOfOneRow(whole) ? [Math.floor(draws.row * asked.rows.length)] : asked.rows.keys();
    if (!hits.has(whole)) hits.set(whole, new Set());
    for (const row of rows) hit(whole, row);
  }
  return hits;
}

function faultOfRow({ sores, ofInputs }: Misconduct, row: unknown, drawInput: (row: unknown) => number) {
  const sore = sores.find((one) => isTouched(one, row));
  return sore?.fault ?? (ofInputs.length === 0 ? undefined : pick(ofInputs, drawInput(row)));
}

/** The fault of a request that is so large. */
function faultOfSize(
  { sores }: Misconduct,
  { rows, bytes }: Pick<ServiceCall, 'rows' | 'bytes'>,
): AnyFault | undefined {
  return sores.find((one) => isTouched(one, { rows: rows.length, bytes }))?.fault;
}

/** Whether there is no row that would be answered. */
function isAllHit(faults: readonly unknown[]): boolean {
  return faults.length > 0 && !faults.includes(undefined);
}

function isOfOneRow(fault: AnyFault): boolean {
  return isAlterationName(fault) && ALTERATIONS[fault].isOfRows;
}

function isTouched({ field, relation, value }: Sore, row: unknown): boolean {
  const number = new Map(Object.entries(row ?? {})).get(field);
  if (typeof number !== 'number') return false;
  if (relation === '=') return number === value;
  return relation === '<' ? number < value : number > value;
}

/** The fault that a draw from 0 to 1 selects; undefined for none. */
function pick(chances: readonly Chance[], draw: number): AnyFault | undefined {
  let upTo = 0;
  for (const { fault, share } of chances) {
    upTo += share;
    if (draw < upTo) return fault;
  }
  return undefined;
}
