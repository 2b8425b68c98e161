import { BLANK } from '../../../lib/transactions/column-form.ts';
import { FormCensus } from '../../../lib/transactions/form-census.ts';
import { TimeForm } from '../../../lib/transactions/time-form.ts';

function readAlone(cell: string, timezone = 'UTC'): number {
  const form = new TimeForm({ titles: ['T'], type: 'datetime', timezone });
  const census = new FormCensus();
  census.add(form.formsOf(cell), cell, () => ({ line: 2 }));
  form.settle(census);
  return form.read(cell);
}

/** A cell of a column with no other cells, as the instant that it says. */
function read(cell: string, timezone = 'UTC'): string | undefined {
  const time = readAlone(cell, timezone);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
}

describe('a time that can be read in one way alone', () => {
  it.each([
    // Offsets.
    ['2024-01-31 10:15:02 -0500', '2024-01-31T15:15:02Z'],
    ['2024-01-31 10:15:02.123 +0000', '2024-01-31T10:15:02.123Z'],
    ['2024-01-31 10:15:02 +01:00', '2024-01-31T09:15:02Z'],
    ['2024-01-31 10:15:02 +00', '2024-01-31T10:15:02Z'],
    ['2024-01-31 10:15:02 Z', '2024-01-31T10:15:02Z'],
    ['2024-01-31 10:15:02 UTC', '2024-01-31T10:15:02Z'],
    ['2024-01-31 10:15:02UTC', '2024-01-31T10:15:02Z'],
    ['2024-01-31 10:15:02 gmt', '2024-01-31T10:15:02Z'],
    ['2024-01-31 10:15:02 +00:00 UTC', '2024-01-31T10:15:02Z'],
    ['2024-01-31T10:15:02+01:00[Europe/Paris]', '2024-01-31T09:15:02Z'],
    ['Wed Jan 31 2024 10:15:02 GMT+0100 (Central European Standard Time)', '2024-01-31T09:15:02Z'],
    ['2024-01-31T10:15:02+05:30:00', '2024-01-31T04:45:02Z'],
    ['2024-01-31 10:15 GMT+1', '2024-01-31T09:15:00Z'],
    ['2024-01-31 10:15 UTC+2', '2024-01-31T08:15:00Z'],
    ['2024-01-31 10:15 GMT-0130', '2024-01-31T11:45:00Z'],
    ['2024-01-31 10:15 \u221205:00', '2024-01-31T15:15:00Z'],
    // Clocks.
    ['2024-01-31 9:12', '2024-01-31T09:12:00Z'],
    ['2024-01-31T9:12:31Z', '2024-01-31T09:12:31Z'],
    ['2024-01-31  09:12:31', '2024-01-31T09:12:31Z'],
    ['2024-01-31, 09:12:31', '2024-01-31T09:12:31Z'],
    ['2024-01-31_09:12:31', '2024-01-31T09:12:31Z'],
    ['2024-01-31 09:12:31,5', '2024-01-31T09:12:31.500Z'],
    ['2024-01-31 09:12:31.123456789012', '2024-01-31T09:12:31.123Z'],
    ['2024-01-31 06:40 PM', '2024-01-31T18:40:00Z'],
    ['2024-01-31 12:05:09 a.m.', '2024-01-31T00:05:09Z'],
    ['2024-01-31 12:05 pm', '2024-01-31T12:05:00Z'],
    ['2024-01-31 6:40:01\u202fPM', '2024-01-31T18:40:01Z'],
    ['2024-01-31 7 PM', '2024-01-31T19:00:00Z'],
    ['2024-01-31-10.15.02.123456', '2024-01-31T10:15:02.123Z'],
    ['2024-01-31T09Z', '2024-01-31T09:00:00Z'],
    ['2024-01-31T09+01', '2024-01-31T08:00:00Z'],
    ['2024-01-31 24:00', '2024-02-01T00:00:00Z'],
    ['2024-12-31T24:00:00+01:00', '2024-12-31T23:00:00Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59Z'],
    ['2024-01-31 9:12:31:123AM', '2024-01-31T09:12:31.123Z'],
    ['2024-01-31 09:12:31:123', '2024-01-31T09:12:31.123Z'],
    ['2024-01-31 9:12 a. m.', '2024-01-31T09:12:00Z'],
    ['2024-01-31 9:12p', '2024-01-31T21:12:00Z'],
    ['2024-01-31 9:12 p', '2024-01-31T21:12:00Z'],
    ['2024-01-31 9:12 a.', '2024-01-31T09:12:00Z'],
    ['2024-01-31 9:12\u00a0AM', '2024-01-31T09:12:00Z'],
    // ISO's basic form.
    ['20240131091231.123', '2024-01-31T09:12:31.123Z'],
    ['20240131091231Z', '2024-01-31T09:12:31Z'],
    ['20240131091231+0100', '2024-01-31T08:12:31Z'],
    ['20240131', '2024-01-31T00:00:00Z'],
    ['20240131T091231Z', '2024-01-31T09:12:31Z'],
    ['20240131T0912', '2024-01-31T09:12:00Z'],
    ['20240131T091231.5+0100', '2024-01-31T08:12:31.500Z'],
    ['20240131 09:12:31', '2024-01-31T09:12:31Z'],
    ['20240131091231', '2024-01-31T09:12:31Z'],
    // The year first.
    ['2024/01/31', '2024-01-31T00:00:00Z'],
    ['2024/1/2 3:04', '2024-01-02T03:04:00Z'],
    ['2024.01.31 10:15', '2024-01-31T10:15:00Z'],
    ['2024-1-2', '2024-01-02T00:00:00Z'],
    ['2024-01-02 Tue', '2024-01-02T00:00:00Z'],
    ['2024-01-02 (Tue) 10:15', '2024-01-02T10:15:00Z'],
    ["'2024-01-02", '2024-01-02T00:00:00Z'],
    ['2024年1月2日', '2024-01-02T00:00:00Z'],
    ['2024年1月2日 10:15', '2024-01-02T10:15:00Z'],
    ['2024\u201001\u201102', '2024-01-02T00:00:00Z'],
    ['2024\u201301\u201302', '2024-01-02T00:00:00Z'],
    // Names of months.
    ['31-Jan-2024', '2024-01-31T00:00:00Z'],
    ['31 January 2024 10:15', '2024-01-31T10:15:00Z'],
    ['Jan 31, 2024', '2024-01-31T00:00:00Z'],
    ['January 31st, 2024 at 10:15'.replace(' at', ''), '2024-01-31T10:15:00Z'],
    ['Sept. 1, 2023', '2023-09-01T00:00:00Z'],
    ['2024-Jan-31', '2024-01-31T00:00:00Z'],
    ['02-JAN-24 09.12.31 PM', '2024-01-02T21:12:31Z'],
    ['31JAN2024:10:15:02', '2024-01-31T10:15:02Z'],
    ['31/Jan/2024:10:15:02 +0100', '2024-01-31T09:15:02Z'],
    ['Wed, 31 Jan 2024 10:15:02 GMT', '2024-01-31T10:15:02Z'],
    ['Wed Jan 31 10:15:02 UTC 2024', '2024-01-31T10:15:02Z'],
    // Numbers in an order that no other fits.
    ['31/01/2024', '2024-01-31T00:00:00Z'],
    ['1/31/2024 18:40', '2024-01-31T18:40:00Z'],
    ['31.01.2024, 9:12:31', '2024-01-31T09:12:31Z'],
    ['31. 1. 2024 9:12', '2024-01-31T09:12:00Z'],
    ['01-31-2024 06:40:00 PM', '2024-01-31T18:40:00Z'],
    ['31 01 2024', '2024-01-31T00:00:00Z'],
    ['01/31/24', '2024-01-31T00:00:00Z'],
    ['99/12/31', '1999-12-31T00:00:00Z'],
    // In the order that fits the weekday: 2024-01-02 was a Tuesday, and 2024-02-01 a Thursday.
    ['Tue 01/02/2024', '2024-01-02T00:00:00Z'],
    ['Thursday, 01/02/2024 10:15', '2024-02-01T10:15:00Z'],
    ['01.02.2024 (Thu)', '2024-02-01T00:00:00Z'],
    // In either order.
    ['02/02/2024', '2024-02-02T00:00:00Z'],
  ])('%s is %s', (cell, instant) => {
    expect(read(cell)).toBe(instant);
  });

  it.each([
    '01/02/2024',
    '24-01-31',
    '10/11/12',
    '31/13/2024',
    '30 Feb 2024',
    '31 Foo 2024',
    '31/01-2024',
    '31/01/024',
    '2024-01-31 13:05 PM',
    '2024-01-31 0:05 AM',
    '2024-01-31 10',
    '2024-01-31 10:15:60',
    '2024-01-31 24:01',
    '2024-01-31 24:00:00.5',
    '2024-01-31 23:59:61',
    '2024-01-31 24:00 AM',
    '2024-01-31T10',
    '2024-01-31 10Z',
    '2024-01-31 10:15+5',
    '2024-01-31 10:15 GMT+100:00',
    '2024-01-31 10:15 PST',
    '2024-01-31 9:12:31:12',
    '2024-01-31 Tuesdays 10',
    'Mon 31/01/2024',
    '2024年13月2日',
    "''2024-01-02",
    '2024-01-31 10:15:02 +0500 UTC',
    '2024-01-31 10:15:02 -25',
    '2024-01-31 10:15 EST',
    '2024-01-31 10:15 10:15',
    '20240132',
    '2024013110',
    '31012024',
    '12:30',
    'Wed',
    `31/01/2024${' '.repeat(80)}10:15`,
  ])('%s is none', (cell) => {
    expect(read(cell)).toBeUndefined();
  });

  it('is in the time zone of the field unless it names an offset', () => {
    expect(read('31/07/2024 10:15', 'Europe/Berlin')).toBe('2024-07-31T08:15:00Z');
    expect(read('31 Jul 2024 10:15 UTC', 'Europe/Berlin')).toBe('2024-07-31T10:15:00Z');
    expect(read('2024-07-31T9:15', 'Europe/Berlin')).toBe('2024-07-31T07:15:00Z');
  });
});

describe('what spreadsheets and programs write where there is no date', () => {
  it.each([
    'NaT',
    '1899-12-30',
    '1899-12-30 00:00:00',
    '12/30/1899',
    '30.12.1899 00:00',
    '1900-01-00',
    '1/0/1900',
    '1/0/1900 0:00',
    '00.01.1900',
    '0001-01-01',
    '0001-01-01T00:00:00',
    '1/1/0001 12:00:00 AM',
    '00/00/0000',
    '00.00.0000 00:00:00',
  ])('is blank: %s', (cell) => {
    expect(readAlone(cell)).toBe(BLANK);
  });

  it.each(['30.12.1899', '12/30/1899'])('is blank before the order is decided: %s', (cell) => {
    expect(new TimeForm({ titles: ['T'], type: 'datetime' }).read(cell)).toBe(BLANK);
  });

  it('is not what looks like it', () => {
    expect(read('1899-12-31')).toBe('1899-12-31T00:00:00Z');
    expect(read('0000-00-00')).toBeUndefined();
    expect(read('1900-02-00')).toBeUndefined();
    expect(read('0001-01-02')).toBe('0001-01-02T00:00:00Z');
    expect(read('00/01/0000')).toBeUndefined();
  });
});

const MILLISECONDS = 'have milliseconds written and set format: epochMillis';

describe('a cell that cannot be read', () => {
  const problemOf = (cell: string) => new TimeForm({ titles: ['T'], type: 'datetime' }).problemOf(cell);

  it.each([
    ['45293.38368', 'is not a date or time: it looks like an Excel day number; set format: excel'],
    ['45321', 'is not a date or time: it looks like an Excel day number; set format: excel'],
    ['1706659200000', 'is not a date or time: it looks like milliseconds since 1970; set format: epochMillis'],
    ['1706659200', 'is not a date or time: it looks like seconds since 1970; set format: epoch'],
    ['1706659200000000', `is not a date or time: it looks like microseconds since 1970; ${MILLISECONDS}`],
    ['1706659200000000000', `is not a date or time: it looks like nanoseconds since 1970; ${MILLISECONDS}`],
    ['638422560000000000', 'is not a date or time: it looks like ticks of .NET; have dates written instead'],
    [
      '/Date(1706659200000)/',
      'is not a date or time: it is a date as .NET writes it in JSON; have dates such as 2024-01-31T10:15:02Z written',
    ],
    ...['1.70419E+12', '1,70E+09'].map((cell) => [
      cell,
      'is not a date or time: it looks like a count since 1970 that a spreadsheet has rounded; export it anew, without opening it there',
    ]),
    ...['2024-01-31 10:15 EST', '31/01/2024 10:15 America/New_York', '2024-01-31 10:15 Europe/Berlin'].map((cell) => [
      cell,
      'is not a date or time: it names a time zone, of which only UTC, GMT and offsets such as -05:00 are read; leave others out and set timezone, as in timezone: America/New_York',
    ]),
    ...['2024-W05-3', '2024W05', '2024-Q1', 'Q1 2024', '2024-01', '01/2024', 'Jan-24', 'January 2024'].map((cell) => [
      cell,
      'is not a date or time: it is a week, a quarter or a month, and a day is wanted',
    ]),
    ...['2024-02-30', '2023-02-29 10:15', '31/04/2024', '31/13/2024', '30 Feb 2024', '20240230', '2024-13-01'].map(
      (cell) => [cell, 'is not a date or time: it is a day that the calendar does not have'],
    ),
    ...['31. Januar 2024', '02-DEZ-23', '31 de enero de 2024', '31 märz 2024 10:15'].map((cell) => [
      cell,
      'is not a date or time: it has a month that is not known; month names are read in English',
    ]),
    ['Mon 31/01/2024', 'is not a date or time: it names a weekday that is not the one of its date'],
    ['2024-01-31 13:15 PM', 'is not a date or time: it has AM or PM after an hour that is none from 1 to 12'],
    ...['yesterday', '2024-001', '2024-01-31 10', '12:30', '2024-01-31 10:15:02 +0500 UTC'].map((cell) => [
      cell,
      'is not a date or time; wanted is a date such as 2024-01-31 or 31 Jan 2024, with a clock such as 10:15 or none',
    ]),
  ])('%s %s', (cell, problem) => {
    expect(problemOf(cell)).toBe(problem);
  });
});
