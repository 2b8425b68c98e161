import { type Random, randomFrom } from '../shared/random.ts';
import { mixedMembers } from './mixed-members.ts';
import { inTurn } from './sample-dirt.ts';
import type { SampleOptions } from './sample-rows.ts';
import { momentBefore, pad } from './wall-clock.ts';

/** The cells of a row as they stand in the file. */
interface RetailerRow {
  shop: string;
  memberId: string;
  time: string;
  kind: string;
  amount: string;
}

const HEADER = 'Filiale;Kundennummer;Datum;Vorgang;Betrag';
const TWO_YEARS_DAYS = 2 * 365;
const DIRTY_SHARE = 0.025;

/** The lines of a file as `partners/examples/retailer.yml` reads it, each with its line end. */
export function* retailerLines(options: SampleOptions): Generator<string> {
  const random = randomFrom(options.seed);
  const dirt = inTurn<RetailerRow>([
    (row) => lineOf({ ...row, amount: random.pick(['12.5', '1.23,00', 'gratis']) }),
    (row) => lineOf({ ...row, kind: 'Tausch' }),
    (row) => lineOf({ ...row, time: random.pick(['2024-01-15 10:00', '31.02.2023 10:15', 'gestern']) }),
    (row) => lineOf({ ...row, time: timeText(momentBefore(options.asOf, -random.whole(1, 100))) }),
    (row) => lineOf({ ...row, memberId: '' }),
    (row) => lineOf(row).slice(0, lineOf(row).lastIndexOf(';')),
    (row) => `${lineOf(row)};EUR`,
  ]);
  yield `${HEADER}\n`;
  for (const memberId of mixedMembers(options, random)) {
    const row = rowOf(memberId, options.asOf, random);
    yield `${random.chance(DIRTY_SHARE) ? dirt(row) : lineOf(row)}\n`;
  }
}

function lineOf({ shop, memberId, time, kind, amount }: RetailerRow): string {
  return [shop, memberId, time, kind, amount].join(';');
}

function rowOf(memberId: string, asOf: string, random: Random): RetailerRow {
  const isReturn = random.chance(0.15);
  const cents = Math.round(500 + 120_000 * random.fraction() ** 3);
  // Recent ones are more usual than old ones.
  const time = momentBefore(asOf, TWO_YEARS_DAYS * random.fraction() ** 2);
  return {
    shop: String(random.whole(1, 9)),
    memberId,
    time: timeText(time),
    kind: random.chance(0.02) ? '' : isReturn ? 'Rückgabe' : random.pick(['Kauf', 'Kauf', 'Kauf', 'K', 'KAUF']),
    amount: random.chance(0.03) ? random.pick(['', '-', 'k.A.']) : amountText(isReturn ? -cents : cents, random),
  };
}

/** As in 31.01.2024 10:15. @param moment as clocks show it, in UTC */
function timeText(moment: Date): string {
  const [year, month, day] = [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate()];
  const [hour, minute] = [moment.getUTCHours(), moment.getUTCMinutes()];
  return `${pad(day)}.${pad(month)}.${year} ${pad(hour)}:${pad(minute)}`;
}

/** As in 1.234,50 or -34,50 €. */
function amountText(cents: number, random: Random): string {
  const whole = String(Math.trunc(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, '.');
  const text = `${cents < 0 ? '-' : ''}${whole},${pad(Math.abs(cents) % 100)}`;
  return random.chance(0.1) ? `${text} €` : text;
}
