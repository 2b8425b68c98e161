import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { BLANK } from '../../../lib/transactions/column-form.ts';
import { NumberForm } from '../../../lib/transactions/number-form.ts';

const formOf = (field: Partial<FieldDefinition> = {}) => new NumberForm({ titles: ['N'], type: 'number', ...field });

/** The cells of a column, read one after the other. */
function read(cells: readonly string[], field: Partial<FieldDefinition> = {}): number[] {
  const form = formOf(field);
  return cells.map((cell) => form.read(cell));
}

/** What is wrong with the last cell of a column. */
function problemOf(cells: readonly string[], field: Partial<FieldDefinition> = {}): string | undefined {
  const form = formOf(field);
  const values = cells.map((cell) => form.read(cell));
  return Number.isNaN(values.at(-1)) ? form.problemOf(cells.at(-1) ?? '') : undefined;
}

describe('a number that can be read in one way alone', () => {
  it.each([
    ['500', 500],
    ['-500', -500],
    ['007', 7],
    ['12.50', 12.5],
    ['12,50', 12.5],
    ['0.5', 0.5],
    ['0,5', 0.5],
    ['.5', 0.5],
    [',5', 0.5],
    ['5.', 5],
    ['0.123', 0.123],
    ['0,500', 0.5],
    ['1.2345', 1.2345],
    ['12345.678', 12_345.678],
    ['1234,567', 1234.567],
    ['1,234.56', 1234.56],
    ['1.234,50', 1234.5],
    ['1,234,567', 1_234_567],
    ['1.234.567', 1_234_567],
    ['12,34,567.00', 1_234_567],
    ['12,34,567', 1_234_567],
    ['1 234', 1234],
    ['1\u00a0234,56', 1234.56],
    ['1\u202f234\u202f567.8', 1_234_567.8],
    ["1'234.50", 1234.5],
    ['1’234', 1234],
    ['1e3', 1000],
    ['1.23457E+11', 123_457_000_000],
    ['1,5e-1', 0.15],
    ['1.500E+03', 1500],
    ['(12.50)', -12.5],
    ['($9.99)', -9.99],
    ['$(12.50)', -12.5],
    ['(500)', -500],
    ['500-', -500],
    ['12.50-', -12.5],
    ['- 5', -5],
    ['\u22125', -5],
    ['-$12', -12],
    ['$-12', -12],
    ['$ 1,234.56', 1234.56],
    ['US$ 12', 12],
    ['R$ 1.234,50', 1234.5],
    ['CHF 12.50', 12.5],
    ['12,50 €', 12.5],
    ['12 kr.', 12],
    ['Rs.500', 500],
    ['$12 USD', 12],
    ['12,-', 12],
    ['95%', 95],
    ['95,5 %', 95.5],
    ["'500", 500],
    ["'-12.50", -12.5],
    ['="500"', 500],
    ['12,50+', 12.5],
    ['5+', 5],
    ['-(12.50)', -12.5],
    ['- $(5)', -5],
    ['\u201312.50', -12.5],
    ['\uFF0D12.50', -12.5],
    ['12.50\u2013', -12.5],
    ['12,\u2013', 12],
    ['\u201C12.50\u201D', 12.5],
    ['\u201E12,50\u201C', 12.5],
    ['"12.50"', 12.5],
    ['$US 12.50', 12.5],
    ['US$12.50', 12.5],
    ['12,50 $ CA', 12.5],
    ['1,500円', 1500],
    ['JPY 1,500', 1500],
    ['\uFF11\uFF12\uFF0E\uFF15', 12.5],
    ['\uFFE5\uFF11\uFF12', 12],
    ['\u0661\u0662\u066B\u0665', 12.5],
    ['\u0661\u066C\u0665\u0660\u0660', 1500],
    ['\u06F1\u06F2', 12],
    ['\u200B12.50', 12.5],
    ['\u202D12.50\u202C', 12.5],
    ['12\u200B.50 \u20AC\u200E', 12.5],
  ])('%s is %d', (cell, value) => {
    expect(read([cell])).toEqual([value]);
  });

  it.each([
    '1.500',
    '1,234',
    '-1,234',
    '$1,234',
    '1.23,5',
    '12.34.567',
    '1,2,3',
    '1.234,5.6',
    '1 23',
    "1'23",
    '1 234 5',
    "1'234 567",
    '12 apples',
    '12 CR',
    '$12 EUR',
    '$$12',
    '$5%',
    '+5+',
    '-5+',
    '--5',
    '(-5)',
    '(5)-',
    '--(5)',
    '5\u20136',
    '5\u00B2',
    '1.500\u5186',
    '1,500 \uFFE5',
    '"5',
    '(5',
    '1/2',
    '2024-01-31',
    '#VALUE!',
    '1e',
    '1k',
    '%',
    '€',
  ])('%s is none', (cell) => {
    expect(read([cell])).toEqual([Number.NaN]);
  });

  it.each(['-', '–', '—', '$-', '$ -', '$-   ', '- €'])('is blank when it is a dash: %j', (cell) => {
    expect(read([cell])).toEqual([BLANK]);
  });
});

describe('a column of numbers', () => {
  it('has decimal points once a cell has one, so that commas group digits', () => {
    expect(read(['20.00', '1,400', '1.234', '1,400.00'])).toEqual([20, 1400, 1.234, 1400]);
    expect(problemOf(['20.00', '12,5'])).toBe('has a decimal comma, and the column has a decimal point, as in 20.00');
  });

  it('has decimal commas once a cell has one, so that points group digits', () => {
    expect(read(['12,50', '1.500', '1,234', '3', '-4'])).toEqual([12.5, 1500, 1.234, 3, -4]);
    expect(problemOf(['12,50', '1.5'])).toBe('has a decimal point, and the column has a decimal comma, as in 12,50');
  });

  it('has a percent sign in all cells or in none', () => {
    expect(read(['0', '95%', '0', '5 %'])).toEqual([0, 95, 0, 5]);
    expect(problemOf(['0.95', '95%'])).toMatch(/^has a percent sign, and the numbers above have none; set bareNumber/);
    expect(problemOf(['95%', '0.95'])).toMatch(/^has no percent sign, and the numbers above have one; set bareNumber/);
  });

  it('has one currency, or none is named', () => {
    expect(read(['$5', '5', 'USD 5', '5 US$'])).toEqual([5, 5, 5, 5]);
    expect(problemOf(['$5', '€5'])).toBe('is in another currency: the column has $5');
    expect(problemOf(['$5', 'USD 5', 'CAD 5'])).toBe('is in another currency: the column has $5');
  });

  it.each([
    [['12.50', '$5', '5 CAD'], {}, '; CAD'],
    [['12.50', '$5'], {}, ''],
    [['12.50', '$5'], { unit: 'USD' }, '; USD'],
    [['12.50', '5'], { unit: 'USD' }, ''],
  ])('of %j tells its currency where that is clear', (cells, field, currency) => {
    const form = formOf(field);
    for (const cell of cells) form.read(cell);
    expect(form.inWords?.form).toBe(`decimal point, as in 12.50${currency}`);
  });

  it('has the currency of its unit', () => {
    expect(read(['$5', '5 USD'], { unit: 'USD' })).toEqual([5, 5]);
    expect(problemOf(['12,50 €'], { unit: 'USD' })).toBe('is in another currency: unit is USD');
    expect(read(['5 €'], { unit: 'seconds' })).toEqual([5]);
  });

  it.each([
    [['100 pts', '5kg', '3 items', '7 abc'], ': what stands beside it is no currency, and units are not read'],
    [['12k', '1.5M', '2 bn', '3 Mio.'], ': letters such as k and M for thousands and millions are not read'],
    [['12.50 CR', '12.50DR', '3 cr.'], ': CR and DR are not read, because it is not known which one is negative'],
    [['12,50 H', '12,50S'], ': H and S are not read, because it is not known which one is negative'],
    [['#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#WERT!'], ': it is an error of a spreadsheet'],
    [['#######'], ': the column was too narrow when the file was saved'],
    [
      ['01-Jan', 'Jan-24', '2024-01-02', '1/2/2024', '2024-01-02 10:15:00', '1-Jan-24'],
      ': it looks like a date, which a spreadsheet may have made of a number',
    ],
    [['0x1F'], ': it looks like a hexadecimal number'],
    [['--', '.', 'n/a (1)', 'unknown', '?'], '; where it stands for nothing, add it to missingValues'],
    [['many', '€', '1.2.3', '12.34.567', '1/2', '1_000', `${'9'.repeat(101)}k`], ''],
  ])('tells what %j look like', (cells, looks) => {
    expect(cells.map((cell) => problemOf([cell]))).toEqual(cells.map(() => `is not a number${looks}`));
  });

  it('tells what is wrong with a cell', () => {
    expect(problemOf(['many'])).toBe('is not a number');
    expect(problemOf(['1e16'])).toBe('is too large: 1e15 is the most');
    expect(problemOf(['1,000,000,000,000,001'])).toBe('is too large: 1e15 is the most');
  });
});
