const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const NUMBERS = new Map([
  ...MONTHS.map((name, month): [string, number] => [name, month + 1]),
  ...MONTHS.map((name, month): [string, number] => [name.slice(0, 3), month + 1]),
  ['sept', 9],
]);

/** The number of a month by its English name, in full or its first three letters, in any case; 0 for what is none. */
export function monthNamed(name: string): number {
  return NUMBERS.get(name.toLowerCase()) ?? 0;
}
