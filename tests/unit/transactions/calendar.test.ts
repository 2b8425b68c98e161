import type { FieldDefinition } from '../../../lib/partners/definition.ts';
import { calendarOf } from '../../../lib/transactions/calendar.ts';
import { isoDay, parseDay } from '../../../lib/transactions/cells.ts';

const field = (timezone?: string): FieldDefinition => ({
  titles: ['T'],
  type: 'datetime',
  ...(timezone === undefined ? {} : { timezone }),
});

const dayOf = (timezone: string | undefined, instant: string) =>
  isoDay(calendarOf(field(timezone)).dayOf(Date.parse(instant)));
const beginningOf = (timezone: string | undefined, day: string) =>
  new Date(calendarOf(field(timezone)).beginningOf(parseDay(day) ?? Number.NaN)).toISOString();

describe('the day of an instant', () => {
  it.each([
    [undefined, '2024-01-31T23:59:59Z', '2024-01-31'],
    ['UTC', '2024-02-01T00:00:00Z', '2024-02-01'],
    ['Europe/Berlin', '2024-01-31T22:59:59Z', '2024-01-31'],
    ['Europe/Berlin', '2024-01-31T23:00:00Z', '2024-02-01'],
    ['Europe/Berlin', '2024-07-31T21:59:59Z', '2024-07-31'],
    ['Europe/Berlin', '2024-07-31T22:00:00Z', '2024-08-01'],
    ['America/New_York', '2024-02-01T04:59:59Z', '2024-01-31'],
    ['America/New_York', '2024-02-01T05:00:00Z', '2024-02-01'],
    ['Pacific/Kiritimati', '2024-01-31T10:00:00Z', '2024-02-01'],
  ])('in %s, %s is on %s', (timezone, instant, day) => {
    expect(dayOf(timezone, instant)).toBe(day);
  });
});

describe('a day begins', () => {
  it.each([
    [undefined, '2024-01-31', '2024-01-31T00:00:00.000Z'],
    ['Europe/Berlin', '2024-01-31', '2024-01-30T23:00:00.000Z'],
    // 23 and 25 hours before the next one.
    ['Europe/Berlin', '2024-03-31', '2024-03-30T23:00:00.000Z'],
    ['Europe/Berlin', '2024-04-01', '2024-03-31T22:00:00.000Z'],
    ['Europe/Berlin', '2024-10-27', '2024-10-26T22:00:00.000Z'],
    ['Europe/Berlin', '2024-10-28', '2024-10-27T23:00:00.000Z'],
    // Where clocks skip midnight, at 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ])('in %s, %s at %s', (timezone, day, instant) => {
    expect(beginningOf(timezone, day)).toBe(instant);
  });
});
