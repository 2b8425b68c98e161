import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { RowInterpreter } from '../../../lib/transactions/row-interpreter.ts';

const COLUMNS = { member: 0, time: 1, kind: 2, points: 3, revenue: 4, width: 5, separator: ',' } as const;
const TIME = Date.UTC(2024, 0, 1);

const interpret = (...cells: string[]) => new RowInterpreter(COLUMNS, TIME / MS_PER_DAY).interpret(cells, undefined);

describe('a row', () => {
  it('is a transaction of all that it says', () => {
    expect(interpret(' A ', '2024-01-01', 'Buy', '100', '2.5')).toEqual({
      memberId: 'A',
      time: TIME,
      kind: 'buy',
      points: 100,
      revenueUsd: 2.5,
      imputedValues: 0,
    });
  });

  it.each([
    [['A', '', '', ''], 'fewer fields than the header', '4 fields, but the header has 5'],
    [['A', '', '', '', '', ''], 'more fields than the header', '6 fields, but the header has 5'],
  ])('%j is rejected for %s', (cells, problem, reason) => {
    expect(interpret(...cells)).toEqual({ problem, reason });
  });
});
