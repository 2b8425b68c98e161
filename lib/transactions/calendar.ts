import { type FieldDefinition, type InputDefinition, TIME } from '../partners/definition.ts';
import { MS_PER_DAY } from './cells.ts';
import { TimeZone } from './time-zone.ts';

/** Days as clocks show them, counted since 1970-01-01; instants are milliseconds since the epoch. */
export interface Calendar {
  /** When clocks show a time. @param clocks what they show, as milliseconds since the epoch if it were UTC */
  instantOf(clocks: number): number;
  /** The day on which an instant is. */
  dayOf(instant: number): number;
  /** The first instant of a day. */
  beginningOf(day: number): number;
}

const UTC: Calendar = {
  instantOf: (clocks) => clocks,
  dayOf: (instant) => Math.floor(instant / MS_PER_DAY),
  beginningOf: (day) => day * MS_PER_DAY,
};

/** The calendar of a datetime field: that of its time zone. It remembers the days of a file, so no process keeps it. */
export function calendarOf({ timezone = 'UTC' }: Pick<FieldDefinition, 'timezone'> = {}): Calendar {
  return timezone === 'UTC' ? UTC : zoneCalendar(new TimeZone(timezone));
}

/** The calendar by which a file's as-of day and the days of features are told. */
export function calendarOfFile({ fields }: InputDefinition): Calendar {
  return calendarOf(fields[TIME]);
}

function zoneCalendar(zone: TimeZone): Calendar {
  const beginnings = new Map<number, number>();
  const beginningOf = (day: number) => {
    const beginning = beginnings.get(day) ?? zone.instantOf(day * MS_PER_DAY);
    beginnings.set(day, beginning);
    return beginning;
  };
  return {
    instantOf: (clocks) => zone.instantOf(clocks),
    beginningOf,
    // No zone is a day away from UTC.
    dayOf: (instant) => {
      const day = UTC.dayOf(instant);
      if (instant < beginningOf(day)) return day - 1;
      return instant < beginningOf(day + 1) ? day : day + 1;
    },
  };
}
