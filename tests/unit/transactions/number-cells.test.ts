import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { numberProblem, numberReader } from '../../../lib/transactions/number-cells.ts';

const read = (options: Partial<FieldDefinition>, cell: string) =>
  numberReader({ titles: ['N'], type: 'number', ...options })(cell);

describe('a number with a decimal comma', () => {
  const european = { decimalChar: ',', groupChar: '.' };

  it.each([
    ['1234,5', 1234.5],
    ['1.234,5', 1234.5],
    ['-1.234.567,89', -1_234_567.89],
    ['+12', 12],
    ['0,1', 0.1],
    [',5', 0.5],
    ['12', 12],
    ['1,5e3', 1500],
  ])('%s is read', (cell, value) => {
    expect(read(european, cell)).toBe(value);
  });

  it.each(['1.5', '1.23,5', '12.34.567', '1,2,3', '1.234,5.6', '1..234', '.234', '1.2345', 'x', '--1', '1 234'])(
    '%s is not read: it would be another number',
    (cell) => {
      expect(read(european, cell)).toBeNaN();
    },
  );

  it('has no point when nothing groups digits', () => {
    expect(read({ decimalChar: ',', bareNumber: true }, '1234,5')).toBe(1234.5);
    expect(read({ decimalChar: ',', bareNumber: true }, '1.234')).toBeNaN();
    expect(read({ decimalChar: ',', bareNumber: true }, '1.234,5')).toBeNaN();
  });
});

describe('groups of three digits', () => {
  it.each([
    [',', '1,234,567.5', 1_234_567.5],
    ["'", "1'234.5", 1234.5],
    [' ', '1 234', 1234],
    [' ', '1\u00a0234', 1234],
    [' ', '1\u202f234', 1234],
  ])('may be set apart by %j', (groupChar, cell, value) => {
    expect(read({ groupChar }, cell)).toBe(value);
  });

  it.each(['1,23', '1234,567', ',123', '1,234,', '1,234.5,6'])('are groups of three: %s is not read', (cell) => {
    expect(read({ groupChar: ',' }, cell)).toBeNaN();
  });
});

describe('a number that need not be bare', () => {
  it.each([
    ['€ 12.50', 12.5],
    ['12.50€', 12.5],
    ['12.50 EUR', 12.5],
    ['USD 12.50', 12.5],
    ['$12', 12],
    ['-$12', -12],
    ['$-12', -12],
    ['\u221212 kr', -12],
    ['12 kr.', 12],
    ['95%', 95],
    ['95 %', 95],
    ['12.5', 12.5],
    ['1', 1],
  ])('%s is read', (cell, value) => {
    expect(read({ bareNumber: false }, cell)).toBe(value);
  });

  it.each([
    '€',
    '%',
    'EUR',
    '12 apples',
    '$$12',
    '1 2',
    '12-',
    '-$-12',
    'EUR 12 EUR 13',
    '€ €',
    'Ref12',
    'H100',
    '5 abc',
    `+${' '.repeat(99)}x`,
  ])('%s is not read', (cell) => {
    expect(read({ bareNumber: false }, cell)).toBeNaN();
  });

  it('has no other currency than the unit of its field, where that is one', () => {
    expect(read({ bareNumber: false, unit: 'EUR' }, '12 eur')).toBe(12);
    expect(read({ bareNumber: false, unit: 'EUR' }, '12 USD')).toBeNaN();
    expect(read({ bareNumber: false, unit: 'points' }, '12 USD')).toBe(12);
  });

  it('has its own separators', () => {
    expect(read({ bareNumber: false, decimalChar: ',', groupChar: '.' }, '1.234,50 €')).toBe(1234.5);
  });

  it('must be bare unless that is said', () => {
    expect(read({}, '12 €')).toBeNaN();
  });
});

describe('a number of a field whose unit is a currency', () => {
  const euros = { bareNumber: false, unit: 'EUR' };

  it.each([
    ['12.50 €', 12.5],
    ['EUR 12.50', 12.5],
    ['12.50', 12.5],
  ])('may name it: %s', (cell, value) => {
    expect(read(euros, cell)).toBe(value);
  });

  it.each(['$12.50', '12.50 kr', 'USD 12.50', '£12.50'])('names no other: %s', (cell) => {
    const field: FieldDefinition = { titles: ['N'], type: 'number', ...euros };
    expect(read(euros, cell)).toBeNaN();
    expect(numberProblem(field)(cell)).toBe('is in another currency: unit is EUR');
  });

  it('tells what the partner file says where a cell is no number by it', () => {
    const field: FieldDefinition = { titles: ['N'], type: 'number', ...euros, decimalChar: ',' };
    expect(numberProblem(field)('12.5')).toBe(
      'is not a number by decimalChar: ",", bareNumber: false, which allows a currency or a percent sign beside it',
    );
    expect(numberProblem(field)('5 pts')).toBe(
      'is not a number by decimalChar: ",", bareNumber: false: what stands beside it is no currency, and units are not read',
    );
    expect(numberProblem({ ...field, bareNumber: true })('1,234.5')).toBe(
      'is not a number by decimalChar: ",", bareNumber: true',
    );
    expect(numberProblem(field)('1e16')).toBe('is too large: 1e15 is the most');
  });
});
