import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { rowReaders } from '../../../lib/transactions/field-readers.ts';
import { RowInterpreter } from '../../../lib/transactions/row-interpreter.ts';
import { DEFAULT, transactionOf } from '../../default-partner.ts';

const COLUMNS = { member: 0, values: [1, 2, 3, 4], width: 5, separator: ',' } as const;
const TIME = Date.UTC(2024, 0, 1);

const interpret = (...cells: string[]) =>
  new RowInterpreter(rowReaders(DEFAULT.input), COLUMNS, TIME / MS_PER_DAY).interpret(cells, undefined);

describe('a row', () => {
  it('is a transaction of all that it says', () => {
    expect(interpret(' A ', '2024-01-01', 'Buy', '100', '2.5')).toEqual(
      transactionOf({ memberId: 'A', time: TIME, kind: 'buy', points: 100, revenue: 2.5, imputedValues: 0 }),
    );
  });

  it.each([
    [['A', '', '', ''], 'fewer fields than the header', '4 fields, but the header has 5'],
    [['A', '', '', '', '', ''], 'more fields than the header', '6 fields, but the header has 5'],
  ])('%j is rejected for %s', (cells, problem, reason) => {
    expect(interpret(...cells)).toEqual({ problem, reason });
  });
});
