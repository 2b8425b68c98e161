import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { rowReaders } from '../../../lib/transactions/field-readers.ts';
import { RowInterpreter } from '../../../lib/transactions/row-interpreter.ts';
import { DEFAULT, transactionOf } from '../../default-partner.ts';

const COLUMNS = { header: [], member: 0, values: [1, 2, 3, 4], width: 5, titled: 5, separator: ',' } as const;
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
    [['A', '', '', '', '', '1'], 'more fields than the header', '6 fields, but the header has 5'],
    [['A,2024-01-01,buy,1,1'], 'the whole line is in one pair of quotes', 'the whole line is in one pair of quotes'],
  ])('%j is rejected for %s', (cells, problem, reason) => {
    expect(interpret(...cells)).toEqual({ problem, reason });
  });

  it('is rejected when a field is blank that is required', () => {
    const points: FieldDefinition = { titles: ['POINTS'], type: 'number', required: true };
    const readers = rowReaders({ ...DEFAULT.input, fields: { ...DEFAULT.input.fields, points } });
    const row = ['A', '2024-01-01', 'buy', ' NA ', '1'];
    expect(new RowInterpreter(readers, COLUMNS, TIME / MS_PER_DAY).interpret(row, undefined)).toEqual({
      problem: 'POINTS is blank',
      reason: 'POINTS is blank',
    });
  });

  it('has no value where a field is blank that has no default, and is counted all the same', () => {
    const points: FieldDefinition = { titles: ['POINTS'], type: 'number' };
    const readers = rowReaders({ ...DEFAULT.input, fields: { ...DEFAULT.input.fields, points } });
    const transaction = new RowInterpreter(readers, COLUMNS, TIME / MS_PER_DAY).interpret(
      ['A', '', '', '', '1'],
      undefined,
    );
    expect(transaction).toEqual({
      memberId: 'A',
      values: Float64Array.of(Date.UTC(1990, 0, 1), 0, Number.NaN, 1),
      imputedValues: 3,
    });
  });

  it('has the values of an enum by all their spellings', () => {
    const kind: FieldDefinition = {
      titles: ['KIND'],
      type: 'string',
      enum: { buy: ['Kauf', 'K'], gift: [] },
      default: 'gift',
    };
    const readers = rowReaders({ ...DEFAULT.input, fields: { ...DEFAULT.input.fields, kind } });
    const interpreter = new RowInterpreter(readers, COLUMNS, TIME / MS_PER_DAY);
    const kinds = ['BUY', 'kauf', 'k', 'gift', ''].map((cell) => {
      const transaction = interpreter.interpret(['A', '', cell, '', ''], undefined);
      return 'values' in transaction ? transaction.values[1] : transaction.problem;
    });
    expect(kinds).toEqual([1, 1, 1, 2, 2]);
    expect(interpreter.interpret(['A', '', 'sell', '', ''], undefined)).toEqual({
      problem: 'KIND is not buy or gift',
      reason: 'KIND "sell" is not buy or gift',
    });
  });
});
