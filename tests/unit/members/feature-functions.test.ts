import fc from 'fast-check';
import { MemberAggregates } from '../../../lib/members/aggregates.ts';
import { type Arithmetic, arithmeticOf } from '../../../lib/members/arithmetic.ts';
import { compileFeatures } from '../../../lib/members/compiled-features.ts';
import { FeatureTable } from '../../../lib/members/feature-table.ts';
import type { Definition, FeatureDefinition } from '../../../lib/partners/definition.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { MS_PER_DAY } from '../../../lib/transactions/cells.ts';
import { codeOf, NO_CODE, type Transaction, valueFields } from '../../../lib/transactions/transaction.ts';
import { DEFAULT } from '../../default-partner.ts';

const AS_OF_DAY = 100;

const INPUT: Definition['input'] = {
  missingValues: [],
  maxRejectedShare: 1,
  fields: {
    member: { titles: ['M'], type: 'string', required: true },
    spend: { titles: ['SPEND'], type: 'number', default: 0 },
    rating: { titles: ['RATING'], type: 'number' },
    kind: { titles: ['KIND'], type: 'string', enum: { buy: [], gift: [], return: [] } },
    shop: { titles: ['SHOP'], type: 'string', enum: { web: [], store: [] }, default: 'web' },
    joined: { titles: ['JOINED'], type: 'datetime' },
    time: { titles: ['TIME'], type: 'datetime', required: true },
  },
};

interface Row {
  day: number;
  spend?: number;
  rating?: number;
  kind?: string;
  shop?: string;
  joined?: number;
  memberId?: string;
}

function transactionOf({ day, spend = 0, rating, kind, shop = 'web', joined, memberId = 'A' }: Row): Transaction {
  const code = (field: string, value: string | undefined) =>
    value === undefined ? NO_CODE : codeOf(INPUT.fields[field], value);
  const values: Record<string, number> = {
    // Late in the day, so that days are told by the calendar and not by 24 hours.
    time: day * MS_PER_DAY + MS_PER_DAY - 1,
    spend,
    rating: rating ?? Number.NaN,
    kind: code('kind', kind),
    shop: code('shop', shop),
    joined: joined === undefined ? Number.NaN : joined * MS_PER_DAY,
  };
  const ordered = valueFields(INPUT).map((field) => values[field] ?? Number.NaN);
  return { memberId, values: Float64Array.from(ordered), imputedValues: 0 };
}

function definitionOf(features: Record<string, FeatureDefinition>): Definition {
  return definitionSchema.parse({ input: INPUT, features, models: DEFAULT.models });
}

function computed(feature: FeatureDefinition, rows: readonly Row[]): number | undefined {
  const aggregates = new MemberAggregates(compileFeatures(definitionOf({ F: feature })), AS_OF_DAY);
  for (const row of rows) aggregates.add(transactionOf(row));
  return new FeatureTable(aggregates).of(0).F;
}

/** In the order of lines, which is not that of time. */
const ROWS: readonly Row[] = [
  { day: 90, spend: 8, rating: 4, kind: 'buy', joined: 10 },
  { day: 40, spend: 100, rating: 1, kind: 'gift', shop: 'store' },
  { day: 100, spend: -2, kind: 'return', joined: 30 },
  { day: 91, spend: 16, kind: 'buy', shop: 'store' },
  { day: 95, spend: 32, rating: 5 },
];

describe('a feature', () => {
  it.each<[string, FeatureDefinition, number]>([
    ['counts transactions', { count: 'transactions' }, 5],
    ['counts those with a number', { count: 'rating' }, 3],
    ['counts those with a value of an enum', { count: 'kind' }, 4],
    ['counts those with a time', { count: 'joined' }, 2],
    ['counts those of a kind', { count: 'transactions', where: { kind: 'buy' } }, 2],
    ['counts those of one kind or another', { count: 'transactions', where: { kind: ['buy', 'gift'] } }, 3],
    ['counts those of a kind and a shop', { count: 'transactions', where: { kind: 'buy', shop: 'store' } }, 1],
    ['counts those of days, of which the as-of day is the last', { count: 'transactions', days: 10 }, 3], // 91 to 100
    ['counts those of one day', { count: 'transactions', days: 1 }, 1],
    ['counts the latest', { count: 'transactions', last: 10 }, 5],
    ['counts the latest with a number', { count: 'rating', last: 3 }, 1],
    ['counts the latest with a kind', { count: 'kind', last: 3 }, 2],
    ['sums', { sum: 'spend' }, 154],
    ['sums what is there', { sum: 'rating' }, 10],
    ['sums those of a kind', { sum: 'spend', where: { kind: 'buy' } }, 24],
    ['sums those of days', { sum: 'spend', days: 11 }, 54], // 90 to 100
    ['sums those of a kind in days', { sum: 'spend', where: { kind: 'buy' }, days: 10 }, 16],
    ['sums the latest', { sum: 'spend', last: 2 }, 30],
    ['sums the latest of a kind', { sum: 'spend', where: { kind: 'buy' }, last: 1 }, 16],
    ['sums the latest of those of days', { sum: 'spend', days: 6, last: 4 }, 30], // 100 and 95
    ['is a mean', { mean: 'spend' }, 30.8],
    ['is a mean of what is there', { mean: 'rating', default: -1 }, 10 / 3],
    ['is a mean of the latest', { mean: 'spend', last: 3 }, 46 / 3],
    ['is a mean of what is there of the latest', { mean: 'rating', last: 2, default: -1 }, 5],
    ['is a mean of those of days', { mean: 'spend', days: 10, default: -1 }, 46 / 3],
    ['is the least', { min: 'spend' }, -2],
    ['is the least of what is there', { min: 'rating', default: -1 }, 1],
    ['is the least of the latest', { min: 'spend', where: { shop: 'web' }, last: 2, default: 0 }, -2],
    ['is the most', { max: 'spend' }, 100],
    ['is the most of those of days', { max: 'spend', days: 10, default: -1 }, 32],
    ['is a share', { share: { kind: 'buy' } }, 0.4],
    ['is a share of several kinds', { share: { kind: ['buy', 'gift'] } }, 0.6],
    ['is a share by two fields', { share: { kind: 'buy', shop: 'web' } }, 0.2],
    ['is a share of those of a shop', { share: { kind: 'buy' }, where: { shop: 'store' }, default: -1 }, 0.5],
    ['is a share of those of days', { share: { shop: 'store' }, days: 10, default: -1 }, 1 / 3],
    ['is a share of the latest', { share: { kind: 'return' }, last: 2 }, 0.5],
    ['is the days since the first', { daysSinceFirst: 'time' }, 60],
    ['is the days since the last', { daysSinceLast: 'time' }, 0],
    ['is the days since the last of a kind', { daysSinceLast: 'time', where: { kind: 'buy' }, default: -1 }, 9],
    ['is the days since the first of days', { daysSinceFirst: 'time', days: 6, default: -1 }, 5],
    ['is the days since the first of the latest', { daysSinceFirst: 'time', last: 3 }, 9],
    ['is the days since the earliest of another time', { daysSinceFirst: 'joined', default: -1 }, 90],
    ['is the days since the latest of another time', { daysSinceLast: 'joined', default: -1 }, 70],
  ])('%s: %j', (_, feature, value) => {
    expect(computed(feature, ROWS)).toBeCloseTo(value, 12);
    expect(computed(feature, ROWS.toReversed())).toBeCloseTo(value, 12);
  });

  it.each<[string, FeatureDefinition, number]>([
    ['counts none', { count: 'transactions', where: { kind: 'gift' } }, 0],
    ['sums to nothing', { sum: 'spend', where: { kind: 'gift' } }, 0],
    ['sums to its default, if it has one', { sum: 'spend', where: { kind: 'gift' }, default: 7 }, 7],
    ['of days is its default', { mean: 'spend', days: 5, default: 7 }, 7],
    ['of the latest of days is its default', { mean: 'spend', days: 5, last: 3, default: 7 }, 7],
    ['of what is never there is its default', { max: 'rating', default: 7 }, 7],
    ['of what is never there of the latest is its default', { min: 'rating', last: 2, default: 7 }, 7],
    ['is a share of none', { share: { kind: 'buy' }, where: { shop: 'store' }, default: 7 }, 7],
    ['is a day of none', { daysSinceLast: 'time', where: { kind: 'gift' }, default: 999 }, 999],
  ])('of a member without such a transaction %s: %j', (_, feature, value) => {
    expect(computed(feature, [{ day: 50, spend: 3, kind: 'buy' }])).toBe(value);
  });

  it('may have any name, and there may be two hundred', () => {
    const names = [
      'constructor',
      'toString',
      '90',
      'größte Ausgabe',
      ...Array.from({ length: 196 }, (_, n) => `F${n}`),
    ];
    const definition = definitionOf(Object.fromEntries(names.map((name, n) => [name, { sum: 'spend', days: 1 + n }])));
    const aggregates = new MemberAggregates(compileFeatures(definition), AS_OF_DAY);
    for (const row of ROWS) aggregates.add(transactionOf(row));
    expect(new FeatureTable(aggregates).of(0)).toMatchObject({ constructor: -2, toString: -2, F195: 154 });
  });
});

describe('a member’s account', () => {
  const lengthOf = (features: Record<string, FeatureDefinition>) =>
    compileFeatures(definitionOf(features)).layout.length;
  const NONE = 2; // The transactions and blanks, which reports tell of.

  it('keeps what the features use, and each number once', () => {
    expect(lengthOf({ A: { count: 'transactions' } })).toBe(NONE);
    expect(lengthOf({ A: { sum: 'spend' }, B: { mean: 'spend' } })).toBe(NONE + 1);
    expect(lengthOf({ A: { share: { kind: 'buy' } }, B: { count: 'transactions', where: { kind: 'buy' } } })).toBe(
      NONE + 1,
    );
    expect(lengthOf({ A: { sum: 'rating' }, B: { mean: 'rating', default: 0 } })).toBe(NONE + 2);
  });

  it('keeps as many of the latest as the longest of all looks at, and the latest time with them', () => {
    expect(lengthOf({ A: { sum: 'spend', last: 2 }, B: { mean: 'spend', last: 7 } })).toBe(NONE + 2 * 7);
    expect(lengthOf({ A: { sum: 'spend', last: 2 }, B: { daysSinceLast: 'time' } })).toBe(NONE + 2 * 2);
    expect(lengthOf({ A: { sum: 'spend', days: 9, last: 2 }, B: { sum: 'spend', days: 3, last: 2 } })).toBe(
      NONE + 2 * 2,
    );
  });
});

/** What a member has without such a transaction. */
const NONE_OF_THEM = -77;

const amount = fc.constantFrom(0.1, 0.2, 0.3, -1, 7, 1e9);
const row: fc.Arbitrary<Row> = fc.record({
  day: fc.integer({ min: 90, max: AS_OF_DAY }),
  spend: amount,
  rating: fc.option(amount, { nil: undefined }),
  kind: fc.constantFrom('buy', 'gift', 'return', undefined),
  shop: fc.constantFrom('web', 'store'),
  joined: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});
const rows = fc.array(row, { minLength: 1, maxLength: 15 });

const own: fc.Arbitrary<FeatureDefinition> = fc.constantFrom<FeatureDefinition>(
  { count: 'transactions' },
  { count: 'kind' },
  { count: 'rating' },
  { sum: 'spend' },
  { sum: 'rating' },
  { mean: 'spend' },
  { mean: 'rating' },
  { min: 'spend' },
  { max: 'rating' },
  { share: { kind: 'buy' } },
  { share: { kind: ['buy', 'return'], shop: 'web' } },
  { daysSinceFirst: 'time' },
  { daysSinceLast: 'time' },
  { daysSinceLast: 'joined' },
);
const feature: fc.Arbitrary<FeatureDefinition> = fc
  .tuple(
    own,
    fc.constantFrom<FeatureDefinition>(
      {},
      { where: { kind: 'buy' } },
      { where: { shop: 'store', kind: ['buy', 'gift'] } },
    ),
    fc.constantFrom<FeatureDefinition>({}, { days: 3 }, { days: 8 }),
    fc.constantFrom<FeatureDefinition>({}, { last: 1 }, { last: 3 }, { last: 10 }),
  )
  .map((parts) => Object.assign({}, ...parts, parts[0].count === undefined ? { default: NONE_OF_THEM } : {}));
const features = fc.array(feature, { minLength: 1, maxLength: 12 });

function resultOf(arithmetic: Arithmetic): number {
  switch (arithmetic.type) {
    case 'mean':
      return arithmetic.total / arithmetic.terms.length;
    case 'sum':
      return arithmetic.total;
    case 'min':
      return Math.min(...arithmetic.terms);
    case 'max':
      return Math.max(...arithmetic.terms);
    case 'count':
      return arithmetic.count;
    case 'share':
      return arithmetic.part / arithmetic.whole;
    case 'days':
      return arithmetic.to - arithmetic.from;
    case 'default':
      return NONE_OF_THEM;
  }
}

const named = (those: readonly FeatureDefinition[]) =>
  definitionOf(Object.fromEntries(those.map((one, n) => [`F${n}`, one])));

describe('features of any definition', () => {
  it('are what their arithmetic comes to, to the last digit', () => {
    fc.assert(
      fc.property(features, rows, (those, file) => {
        const definition = named(those);
        const transactions = file.map(transactionOf);
        const aggregates = new MemberAggregates(compileFeatures(definition), AS_OF_DAY);
        for (const transaction of transactions) aggregates.add(transaction);
        const expected = those.map((one) => resultOf(arithmeticOf(definition, one, transactions, AS_OF_DAY)));
        expect(Object.values(new FeatureTable(aggregates).of(0))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same when a file is read in parts that are merged', () => {
    fc.assert(
      fc.property(features, rows, fc.nat(15), (those, file, cut) => {
        const compiled = compileFeatures(named(those));
        const read = (part: readonly Row[]) => {
          const aggregates = new MemberAggregates(compiled, AS_OF_DAY);
          for (const one of part) aggregates.add(transactionOf(one));
          return aggregates;
        };
        const [whole, merged, later] = [read(file), read(file.slice(0, cut)), read(file.slice(cut))];
        for (const [member, memberId] of later.memberIds.entries()) merged.merge(memberId, later.accountOf(member));
        const [expected, found] = [whole, merged].map((one) => Object.values(new FeatureTable(one).of(0)));
        expect(merged.transactions(0)).toBe(file.length);
        expect(found).toEqual(expected?.map((value) => expect.closeTo(value, 6)));
      }),
      { numRuns: 500 },
    );
  });
});
