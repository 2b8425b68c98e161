import type { Row } from '../../lib/protocols/protocol.ts';
import type { MeasuredBatches, MeasuredSize } from './batch-measuring.ts';

/** More rows bring so little more that they are not worth the larger loss when a request fails. */
const AS_GOOD_AS_THE_BEST = 0.9;
/** Servers are slower in a run than for one who asks alone. */
const SHARE_OF_TIMEOUT = 1 / 3;
/** Rows differ in size, and what was refused once may not be the smallest that is. */
const SHARE_OF_REFUSED = 1 / 2;

/** Single precision has 7 digits, of which another order of additions changes the last ones. */
const LAST_DIGITS = 1e-5;

/** Rows that are compared. */
const COMPARED = 10;

type Timing = Pick<MeasuredSize<unknown>, 'rows' | 'ms' | 'problem'>;

/** Rows per second. */
export function rowsPerSecond({ rows, ms }: Timing): number | undefined {
  return ms === undefined ? undefined : (1000 * rows) / ms;
}

/**
 * How many rows a request should have: the fewest of those that are as good as the best, and neither near what was refused
 * nor near the time-out.
 *
 * @returns undefined when not even one row is far from both
 */
export function advisedRows(sizes: readonly Timing[], timeoutMs: number): number | undefined {
  const refused = sizes.find(({ problem }) => problem !== undefined)?.rows ?? Number.POSITIVE_INFINITY;
  const safe = sizes.flatMap(({ rows, ms, problem }) => {
    const isSafe = rows <= refused * SHARE_OF_REFUSED && ms !== undefined && ms < timeoutMs * SHARE_OF_TIMEOUT;
    return isSafe && problem === undefined ? [{ rows, speed: rows / ms }] : [];
  });
  const best = Math.max(...safe.map(({ speed }) => speed));
  return safe.find(({ speed }) => speed >= best * AS_GOOD_AS_THE_BEST)?.rows;
}

/**
 * How rows are answered in requests with others.
 *
 * - `same`: as alone; `nearly`: but for their last digits.
 * - `unsteady`: also alone they have another value each time.
 * - `other`: otherwise than alone; `order`: with values of each other.
 */
export type BatchAgreement =
  | { kind: 'same' | 'nearly'; rows: number }
  | { kind: 'unsteady' | 'other' | 'order'; example: { rows: number; row: Row; alone: Value; among: Value } };

type Value = number | string;

/** Compares answers cell by cell. @param alone what rows were answered alone @returns undefined when there is nothing to compare */
export function agreementOf(
  alone: ReadonlyMap<Row, Value>,
  { sizes }: Pick<MeasuredBatches<Value>, 'sizes'>,
): BatchAgreement | undefined {
  const compared = sizes.flatMap((size) => {
    const cells = cellsOf(alone, size);
    return cells.length === 0 ? [] : [{ rows: size.rows, cells }];
  });
  for (const { rows, cells } of compared) {
    const wrong = cells.find(({ one, other }) => !isNearly(one, other));
    if (wrong === undefined) continue;
    const kind = rows === 1 ? 'unsteady' : isOtherOrder(cells, rows) ? 'order' : 'other';
    return { kind, example: { rows, row: wrong.row, alone: wrong.one, among: wrong.other } };
  }
  const others = compared.filter(({ rows }) => rows > 1);
  if (others.length === 0) return undefined;
  const isSame = others.every(({ cells }) => cells.every(({ one, other }) => one === other));
  return {
    kind: isSame ? 'same' : 'nearly',
    rows: Math.max(...others.map(({ cells }) => new Set(cells.map(({ row }) => row)).size)),
  };
}

interface Cell {
  row: Row;
  /** Alone. */
  one: Value;
  /** Among others. */
  other: Value;
}

function cellsOf(alone: ReadonlyMap<Row, Value>, { values }: MeasuredSize<Value>): Cell[] {
  return values.slice(0, COMPARED).flatMap(({ row, value }) => {
    const one = alone.get(row);
    return one === undefined ? [] : [{ row, one, other: value }];
  });
}

function isNearly(one: Value, other: Value): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return Math.abs(one - other) <= LAST_DIGITS * Math.max(Math.abs(one), Math.abs(other));
}

/** Whether all of the request's rows have the values that they have alone, but not each its own. */
function isOtherOrder(cells: readonly Cell[], rows: number): boolean {
  if (cells.length < rows) return false;
  const sorted = (values: readonly Value[]) => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const others = sorted(cells.map(({ other }) => other));
  return sorted(cells.map(({ one }) => one)).every((one, place) => isNearly(one, others[place] ?? ''));
}
