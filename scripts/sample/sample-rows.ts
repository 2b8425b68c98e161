import { type Random, randomFrom } from '../shared/random.ts';
import { mixedMembers } from './mixed-members.ts';
import { dirty } from './sample-dirt.ts';
import { lineOf, type SampleRow } from './sample-row.ts';

export interface SampleOptions {
  members: number;
  /** The same seed gives the same file. */
  seed: number;
  /** `YYYY-MM-DD`: the last day on which a member has transactions. */
  asOf: string;
}

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

const DAY_MS = 86_400_000;
const YEARS_BACK_DAYS = 5 * 365;
const BLANKS = ['', '', '', '', 'NA', 'N/A', '#N/A', 'NaN', 'null', 'None'] as const;
const BLANK_SHARE = 0.02;
const BLANK_ID_SHARE = 0.003;
const DIRTY_SHARE = 0.01;
const QUOTED_SHARE = 0.01;

/**
 * The lines of a transactions file like those that partners send, each with its line end: members with 1 to 12
 * transactions, spread over the file, with blanks in every column and a little dirt. The lines are made one at a
 * time, so that a file can be larger than memory.
 */
export function* sampleLines(options: SampleOptions): Generator<string> {
  const random = randomFrom(options.seed);
  const dirt = dirty(random, options.asOf);
  yield `${HEADER}\n`;
  for (const memberId of mixedMembers(options, random)) {
    const row = rowOf(memberId, options.asOf, random);
    yield `${random.chance(DIRTY_SHARE) ? dirt(row) : lineOf(row)}\n`;
  }
}

function rowOf(memberId: string, asOf: string, random: Random): SampleRow {
  const kind = random.pick(['buy', 'gift', 'redeem']);
  const points = random.whole(1, 100) * 100;
  const revenue = kind === 'redeem' ? 0 : points / 100 / random.whole(1, 20);
  return {
    memberId: random.chance(BLANK_ID_SHARE) ? '' : memberId,
    time: orBlank(timeOf(asOf, random), random),
    kind: quotedSometimes(orBlank(kind, random), random),
    points: orBlank(String(kind === 'redeem' ? -points : points), random),
    revenue: orBlank(Number.isInteger(revenue) ? revenue.toFixed(1) : String(revenue), random),
  };
}

function orBlank(cell: string, random: Random): string {
  return random.chance(BLANK_SHARE) ? random.pick(BLANKS) : cell;
}

function quotedSometimes(cell: string, random: Random): string {
  return random.chance(QUOTED_SHARE) ? `"${cell}"` : cell;
}

/** A moment of the five years up to the end of the as-of day, mostly in the spelling of the real files. */
function timeOf(asOf: string, random: Random): string {
  const endOfDay = Date.parse(asOf) + DAY_MS - 1000;
  const moment = endOfDay - Math.floor(random.fraction() * YEARS_BACK_DAYS * DAY_MS);
  return random.chance(0.03) ? random.pick(RARE_SPELLINGS)(moment) : spelled(moment);
}

function spelled(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
}

const RARE_SPELLINGS = [
  (moment: number) => new Date(moment).toISOString(),
  (moment: number) => `${new Date(moment - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`,
  (moment: number) => new Date(moment).toISOString().slice(0, 10),
] as const;
