import type { Random } from '../shared/random.ts';
import { lineOf, type SampleRow } from './sample-row.ts';

type Dirt = (row: SampleRow) => string;

/**
 * Spoils rows so that they cannot be used: each call another way, in turn, so that even a small file has all of them.
 *
 * @param asOf `YYYY-MM-DD`; some rows are dated after it
 */
export function dirty(random: Random, asOf: string): Dirt {
  const ways: Dirt[] = [
    (row) => lineOf({ ...row, points: random.pick(['12O0', 'many', '1.2.3']) }),
    (row) => lineOf({ ...row, kind: random.pick(['transfer', '"buy, in the app"']) }),
    (row) => lineOf({ ...row, time: random.pick(['2023-02-30 10:15:00', '2023-13-01 08:00:00', 'yesterday']) }),
    (row) => lineOf({ ...row, time: daysAfter(asOf, random.whole(1, 400)) }),
    (row) => lineOf(row).slice(0, lineOf(row).lastIndexOf(',')),
    (row) => `${lineOf(row)},EUR`,
    (row) => lineOf({ ...row, revenue: random.pick(['$4.20', 'free']) }),
  ];
  return inTurn(ways);
}

/** Ways to spoil a row, of which each call takes the next one. */
export function inTurn<Row>(ways: readonly ((row: Row) => string)[]): (row: Row) => string {
  let spoiled = 0;
  return (row) => {
    const way = ways[spoiled % ways.length];
    if (way === undefined) throw new RangeError('no way to spoil a row');
    spoiled += 1;
    return way(row);
  };
}

function daysAfter(day: string, days: number): string {
  const later = new Date(Date.parse(day) + days * 86_400_000);
  return `${later.toISOString().slice(0, 10)} 00:00:00`;
}
