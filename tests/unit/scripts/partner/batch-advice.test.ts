import type { Row } from '../../../../lib/protocols/protocol.ts';
import { advisedRows, agreementOf, rowsPerSecond } from '../../../../scripts/partner/batch-advice.ts';
import type { MeasuredSize } from '../../../../scripts/partner/batch-measuring.ts';

const time = (rows: number, ms: number | undefined, problem?: string) => ({ rows, ms, problem });

describe('the advised rows of a request', () => {
  it('are the fewest within 10 % of the best', () => {
    // 100, 1,000, 9,100 and 10,000 rows per second.
    expect(advisedRows([time(1, 10), time(10, 10), time(100, 10.989), time(200, 20)], 5000)).toBe(100);
    // 8,900 are more than 10 % less than 10,000.
    expect(advisedRows([time(1, 10), time(10, 10), time(100, 11.236), time(200, 20)], 5000)).toBe(200);
  });

  it('are one where more bring nothing', () => {
    expect(advisedRows([time(1, 10), time(2, 20), time(5, 50)], 5000)).toBe(1);
  });

  it('are at the most half of those that were refused', () => {
    const sizes = [time(20, 2), time(50, 3), time(100, undefined, 'answered 413')];
    expect(advisedRows(sizes, 5000)).toBe(50);
    expect(advisedRows([time(20, 2), time(30, 2.5), time(50, undefined, 'answered 413')], 5000)).toBe(20);
  });

  it('take less than a third of the time that an answer has', () => {
    const sizes = [time(1, 100), time(10, 200), time(100, 999), time(1000, 1000)];
    expect(advisedRows(sizes, 3000)).toBe(100);
    expect(advisedRows([time(1, 1000)], 3000)).toBeUndefined();
  });

  it('are unknown where nothing was answered', () => {
    expect(advisedRows([], 5000)).toBeUndefined();
    expect(advisedRows([time(1, undefined, 'answered 500')], 5000)).toBeUndefined();
  });

  it('are answered at a speed', () => {
    expect(rowsPerSecond(time(200, 50))).toBe(4000);
    expect(rowsPerSecond(time(200, undefined))).toBeUndefined();
  });
});

const A: Row = { a: 1 };
const B: Row = { a: 2 };
const C: Row = { a: 3 };
const ALONE = new Map([
  [A, 0.25],
  [B, 0.5],
]);

function size(rows: readonly Row[], values: readonly (number | string)[]): MeasuredSize<number | string> {
  const pairs = values.flatMap((value, place) => (rows[place] ? [{ row: rows[place], value }] : []));
  return { rows: rows.length, bytes: 1, ms: 1, values: pairs, lost: 0, problem: undefined, mayBeOneRow: false };
}

describe('answers to rows among others', () => {
  const agreement = (...sizes: MeasuredSize<number | string>[]) => agreementOf(ALONE, { sizes });

  it('are the same, whatever rows without an answer of their own have', () => {
    expect(agreement(size([A], [0.25]), size([A, B], [0.25, 0.5]), size([A, B, C], [0.25, 0.5, 9]))).toEqual({
      kind: 'same',
      rows: 2,
    });
  });

  it('are nearly the same in single precision', () => {
    expect(agreement(size([A, B], [0.2500001, 0.5]))).toEqual({ kind: 'nearly', rows: 2 });
  });

  it('are others', () => {
    expect(agreement(size([A, B], [0.25, 0.75]))).toEqual({
      kind: 'other',
      example: { rows: 2, row: B, alone: 0.5, among: 0.75 },
    });
    const offers = agreementOf(new Map([[A, 'X']]), { sizes: [size([A, C], ['Y', 'X'])] });
    expect(offers?.kind).toBe('other');
  });

  it('are those of other rows', () => {
    expect(agreement(size([A, B], [0.5, 0.25]))).toEqual({
      kind: 'order',
      example: { rows: 2, row: A, alone: 0.25, among: 0.5 },
    });
  });

  it('are not at fault where a row is answered otherwise each time', () => {
    expect(agreement(size([A], [0.26]), size([A, B], [0.27, 0.5]))?.kind).toBe('unsteady');
  });

  it('are not compared where there are none', () => {
    expect(agreement(size([A], [0.25]))).toBeUndefined();
    expect(agreement(size([C, C], [1, 1]))).toBeUndefined();
  });
});
