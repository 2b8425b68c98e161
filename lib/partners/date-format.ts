/** Formats of times that are counted, which no `strptime` pattern describes. */
export const COUNTED_FORMATS: readonly string[] = ['epoch', 'epochMillis', 'excel'];

/** Formats that say no more than what day, month and year in numbers are in: all else the column tells. */
export const DATE_ORDERS = ['day/month/year', 'month/day/year', 'year/month/day'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** The order that a format is; undefined when it is none, but a pattern or a count. */
export function dateOrderOf(format: string | undefined): DateOrder | undefined {
  return DATE_ORDERS.find((order) => order === format);
}

/** What a directive of a date format reads, or the characters that stand there as they are. */
export type DatePart = { read: Directive } | { literal: string };

const DIRECTIVES = {
  Y: 'year',
  y: 'short year',
  m: 'month',
  b: 'month name',
  B: 'month name',
  d: 'day',
  H: 'hour',
  I: 'half-day hour',
  p: 'half of day',
  M: 'minute',
  S: 'second',
  f: 'fraction',
  z: 'offset',
} as const;

export type Directive = (typeof DIRECTIVES)[keyof typeof DIRECTIVES];

/** Two short forms of `strptime`. */
const SHORT_FORMS: Readonly<Record<string, string>> = { T: '%H:%M:%S', F: '%Y-%m-%d' };

const NAMES: Readonly<Record<string, Directive>> = DIRECTIVES;

/** A date format that cannot be used: the message says why. */
export class DateFormatError extends Error {
  override name = 'DateFormatError';
}

/**
 * Takes a `strptime` pattern apart.
 * @example datePartsOf('%d.%m.%Y') // day, '.', month, '.', year
 * @throws DateFormatError when it holds a directive that is not known, or does not say the day
 */
export function datePartsOf(format: string): DatePart[] {
  const whole = format.replace(/%([TF])/g, (_, name: string) => SHORT_FORMS[name] ?? '');
  const parts = [...whole.matchAll(/%(.?)|[^%]+/gs)].map(([text, name]) => partOf(text, name));
  const read = parts.flatMap((part) => ('read' in part ? [part.read] : []));
  const twice = read.find((directive, place) => read.indexOf(directive) !== place);
  if (twice !== undefined) throw new DateFormatError(`it reads the ${twice} twice`);
  if (count(read, 'year', 'short year') !== 1 || count(read, 'month', 'month name') !== 1 || count(read, 'day') !== 1) {
    throw new DateFormatError(
      `it must read a year (%Y or %y), a month (%m or %b) and a day (%d), once each, or be one of ${DATE_ORDERS.join(', ')}`,
    );
  }
  if (count(read, 'hour', 'half-day hour') > 1) throw new DateFormatError('it reads the hour twice');
  if (count(read, 'half-day hour') !== count(read, 'half of day')) {
    throw new DateFormatError('%I, an hour up to 12, and %p, AM or PM, go together');
  }
  return parts;
}

function partOf(text: string, name: string | undefined): DatePart {
  if (name === undefined) return { literal: text };
  if (name === '%') return { literal: '%' };
  const read = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (read !== undefined) return { read };
  const known = [...Object.keys(NAMES), ...Object.keys(SHORT_FORMS)].map((known) => `%${known}`).join(' ');
  throw new DateFormatError(`${text} is not known in it; known are ${known}, and %% for a percent sign`);
}

function count(read: readonly Directive[], ...directives: Directive[]): number {
  return read.filter((directive) => directives.includes(directive)).length;
}
