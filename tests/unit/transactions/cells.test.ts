import { parseNumber, parseTime } from '../../../lib/transactions/cells.ts';
import { rowReaders } from '../../../lib/transactions/field-readers.ts';
import { DEFAULT } from '../../default-partner.ts';

const [, kind, points] = rowReaders(DEFAULT.input).values;
const isBlank = (cell: string) => points?.blanks.has(cell);
const parseKind = (cell: string) => kind?.read(cell);

describe('a blank cell', () => {
  it.each(['', 'NA', 'n/a', '#N/A', 'NaN', 'null', 'None', 'NULL', 'nil', '-', '\\n'])('is %j', (cell) => {
    expect(isBlank(cell)).toBe(true);
  });

  it.each(['0', '---', '\\', 'nope', 'nanny', '#n/a!'])('is not %j', (cell) => {
    expect(isBlank(cell)).toBe(false);
  });
});

describe('a number', () => {
  it.each([
    ['12', 12],
    ['-8200', -8200],
    ['+5', 5],
    ['0.2857142857142857', 2 / 7],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1e15', 1e15],
  ])('%s is read', (cell, value) => {
    expect(parseNumber(cell)).toBe(value);
  });

  it.each([
    '1e400',
    '-1e400',
    '1e16',
    'Infinity',
    '-Infinity',
    '0x10',
    '0X10',
    '0o7',
    '0b11',
    '1,000',
    '12 points',
    '--1',
    '1_000',
  ])('%s is not read', (cell) => {
    expect(parseNumber(cell)).toBeUndefined();
  });
});

describe('a kind', () => {
  it('is buy, gift or redeem in any case', () => {
    expect(['buy', 'Gift', 'REDEEM'].map(parseKind)).toEqual([1, 2, 3]);
  });

  it('is nothing else', () => {
    expect(['sell', 'buys', '1'].map(parseKind)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('a time', () => {
  it.each([
    ['2024-01-31', '2024-01-31T00:00:00.000Z'],
    ['2024-01-31 10:15:02', '2024-01-31T10:15:02.000Z'],
    ['2024-01-31T10:15', '2024-01-31T10:15:00.000Z'],
    ['2024-01-31T10:15:02Z', '2024-01-31T10:15:02.000Z'],
    ['2024-01-31t10:15:02z', '2024-01-31T10:15:02.000Z'],
    ['2024-01-31T10:15:02.5Z', '2024-01-31T10:15:02.500Z'],
    ['2024-01-31 10:15:02.123456', '2024-01-31T10:15:02.123Z'],
    ['2024-01-31T10:15:02+02:00', '2024-01-31T08:15:02.000Z'],
    ['2024-01-31T23:15:02-0530', '2024-02-01T04:45:02.000Z'],
    ['2024-01-31T10:15:02+02', '2024-01-31T08:15:02.000Z'],
    ['2024-01-31T10:15:02+23:59', '2024-01-30T10:16:02.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['1969-12-31 23:59:59', '1969-12-31T23:59:59.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (cell, instant) => {
    const time = parseTime(cell);
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(instant);
  });

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-01-31 24:00:00',
    '2024-01-31 10:60:00',
    '2024-01-31 10:15:60',
    '2024-01-31 10',
    '2024-01-31 10:15:02 ',
    '2024-01-31 10:15:02+25:00',
    '2024-01-31x10:15:02',
    '24-01-31',
    '31/01/2024',
    '2024-1-31',
    'yesterday',
    '20240131',
    '2024/01-31',
    '2024-01/31',
    '2024/01/31',
    '2024-01-31 10.15:02',
    '2024-01-31T10:15:02Z+02:00',
    '2024-01-31T10:15:02Z ',
    '2024-01-31 10:15:02+01:60',
    // What stands before 0 and after 9 among the characters.
    '/024-01-31',
    ':024-01-31',
    '2/24-01-31',
    '2:24-01-31',
    '2024-01-31 /5:15:02',
  ])('%s is none', (cell) => {
    expect(parseTime(cell)).toBeUndefined();
  });
});
