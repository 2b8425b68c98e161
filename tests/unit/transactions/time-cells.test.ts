import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { calendarOf } from '../../../lib/transactions/calendar.ts';
import { rowReaders } from '../../../lib/transactions/field-readers.ts';
import { formattedTimeReader } from '../../../lib/transactions/time-cells.ts';
import { TimeForm } from '../../../lib/transactions/time-form.ts';
import { DEFAULT } from '../../default-partner.ts';

/** A cell as the instant that it says; undefined when it cannot be read. */
function read(options: Partial<FieldDefinition>, cell: string): string | undefined {
  const field: FieldDefinition = { titles: ['T'], type: 'datetime', ...options };
  const { format } = options;
  const reader = format === undefined ? new TimeForm(field).read : formattedTimeReader(format, calendarOf(field));
  const time = reader(cell);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
}

describe('a time by a format', () => {
  it.each([
    ['%d.%m.%Y %H:%M', '31.01.2024 10:15', '2024-01-31T10:15:00Z'],
    ['%d.%m.%Y %H:%M', '1.2.2024 9:05', '2024-02-01T09:05:00Z'],
    ['%d.%m.%Y', '29.02.2024', '2024-02-29T00:00:00Z'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 12:15 am', '2024-01-31T00:15:00Z'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 12:15 PM', '2024-01-31T12:15:00Z'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 1:15 PM', '2024-01-31T13:15:00Z'],
    ['%d %b %Y', '31 Jan 2024', '2024-01-31T00:00:00Z'],
    ['%B %d, %Y', 'january 31, 2024', '2024-01-31T00:00:00Z'],
    ['%y%m%d', '240131', '2024-01-31T00:00:00Z'],
    ['%y%m%d', '690131', '1969-01-31T00:00:00Z'],
    ['%Y%m%d%H%M%S', '20240131101502', '2024-01-31T10:15:02Z'],
    ['%F %T', '2024-01-31 10:15:02', '2024-01-31T10:15:02Z'],
    ['%d.%m.%Y %H:%M:%S.%f', '31.01.2024 10:15:02.123456', '2024-01-31T10:15:02.123Z'],
    ['%d.%m.%Y %H:%M %z', '31.01.2024 10:15 +0200', '2024-01-31T08:15:00Z'],
    ['%d.%m.%Y %H:%M%z', '31.01.2024 10:15-05:30', '2024-01-31T15:45:00Z'],
    ['%d.%m.%Y %H:%M%z', '31.01.2024 10:15Z', '2024-01-31T10:15:00Z'],
    ['100%% %Y-%m-%d', '100% 2024-01-31', '2024-01-31T00:00:00Z'],
    ['Zürich, %d.%m.%Y', 'Zürich, 31.01.2024', '2024-01-31T00:00:00Z'],
  ])('%s reads %s', (format, cell, instant) => {
    expect(read({ format }, cell)).toBe(instant);
  });

  it.each([
    ['%d.%m.%Y %H:%M', '2024-01-31 10:15'],
    ['%d.%m.%Y %H:%M', '31.01.2024'],
    ['%d.%m.%Y %H:%M', '31.01.2024 10:15:02'],
    ['%d.%m.%Y %H:%M', '31.01.2024 24:00'],
    ['%d.%m.%Y %H:%M', '31.01.2024 10:60'],
    ['%d.%m.%Y', '31.04.2024'],
    ['%d.%m.%Y', '29.02.2023'],
    ['%d.%m.%Y', '0.1.2024'],
    ['%d.%m.%Y', '1.13.2024'],
    ['%d.%m.%Y', '1.1.24'],
    ['%d.%m.%Y', 'yesterday'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 0:15 am'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 13:15 pm'],
    ['%m/%d/%Y %I:%M %p', '1/31/2024 1:15 xm'],
    ['%d %b %Y', '31 Jänner 2024'],
    ['%d.%m.%Y %H:%M %z', '31.01.2024 10:15 +2500'],
    ['%d.%m.%Y %H:%M %z', '31.01.2024 10:15 CET'],
    ['%d.%m.%Y %H:%M:%S.%f', '31.01.2024 10:15:02.'],
  ])('%s does not read %s', (format, cell) => {
    expect(read({ format }, cell)).toBeUndefined();
  });
});

describe('a time in a time zone', () => {
  const berlin = { format: '%d.%m.%Y %H:%M', timezone: 'Europe/Berlin' };

  it.each([
    ['in winter', '31.01.2024 10:15', '2024-01-31T09:15:00Z'],
    ['in summer', '31.07.2024 10:15', '2024-07-31T08:15:00Z'],
    ['before clocks go forward', '31.03.2024 01:59', '2024-03-31T00:59:00Z'],
    ['that clocks skip: by the offset before, so an hour later', '31.03.2024 02:30', '2024-03-31T01:30:00Z'],
    ['after clocks went forward', '31.03.2024 03:30', '2024-03-31T01:30:00Z'],
    ['before clocks go back', '27.10.2024 01:59', '2024-10-26T23:59:00Z'],
    ['that clocks show twice: the first one', '27.10.2024 02:30', '2024-10-27T00:30:00Z'],
    ['after clocks went back', '27.10.2024 03:00', '2024-10-27T02:00:00Z'],
    ['on the day before', '26.10.2024 23:59', '2024-10-26T21:59:00Z'],
  ])('is as its clocks say %s', (_, cell, instant) => {
    expect(read(berlin, cell)).toBe(instant);
  });

  it.each([
    ['America/New_York', '10.03.2024 02:30', '2024-03-10T07:30:00Z'],
    ['America/New_York', '03.11.2024 01:30', '2024-11-03T05:30:00Z'],
    ['Australia/Lord_Howe', '07.04.2024 01:45', '2024-04-06T14:45:00Z'],
    ['Australia/Lord_Howe', '06.10.2024 02:15', '2024-10-05T15:45:00Z'],
    ['Asia/Kolkata', '31.01.2024 00:15', '2024-01-30T18:45:00Z'],
    ['Pacific/Kiritimati', '31.01.2024 10:00', '2024-01-30T20:00:00Z'],
    ['Pacific/Apia', '30.12.2011 12:00', '2011-12-30T22:00:00Z'],
    ['Etc/UTC', '31.01.2024 10:15', '2024-01-31T10:15:00Z'],
  ])('of %s is read, also when clocks change: %s', (timezone, cell, instant) => {
    expect(read({ ...berlin, timezone }, cell)).toBe(instant);
  });

  it('counts for ISO 8601 without an offset alone', () => {
    const timezone = 'Europe/Berlin';
    expect(read({ timezone }, '2024-07-31')).toBe('2024-07-30T22:00:00Z');
    expect(read({ timezone }, '2024-07-31 10:15')).toBe('2024-07-31T08:15:00Z');
    expect(read({ timezone }, '2024-07-31T10:15Z')).toBe('2024-07-31T10:15:00Z');
    expect(read({ timezone }, '2024-07-31T10:15-03:00')).toBe('2024-07-31T13:15:00Z');
    expect(read({ timezone }, 'x')).toBeUndefined();
  });

  it('does not count where the cell has an offset', () => {
    expect(read({ format: '%d.%m.%Y %H:%M %z', timezone: 'Europe/Berlin' }, '31.07.2024 10:15 +0000')).toBe(
      '2024-07-31T10:15:00Z',
    );
  });

  it('counts for what a blank is read as', () => {
    const time: FieldDefinition = { titles: ['T'], type: 'datetime', timezone: 'Europe/Berlin', default: '2024-07-31' };
    const [reader] = rowReaders({ ...DEFAULT.input, fields: { ...DEFAULT.input.fields, time } }).values;
    expect(new Date(reader?.whenBlank ?? 0).toISOString()).toBe('2024-07-30T22:00:00.000Z');
  });
});
