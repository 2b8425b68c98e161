import { Readable } from 'node:stream';
import type { Arithmetic } from '../../../../lib/members/arithmetic.ts';
import { inOrderOfTime } from '../../../../lib/members/arithmetic.ts';
import { definitionSchema } from '../../../../lib/partners/definition-schema.ts';
import { arithmeticSteps } from '../../../../scripts/explain/arithmetic-text.ts';
import { featureLines } from '../../../../scripts/explain/features-text.ts';
import { readMember } from '../../../../scripts/explain/transactions.ts';
import { transactionLines } from '../../../../scripts/explain/transactions-text.ts';

const AS_OF_DAY = Date.UTC(2024, 0, 31) / 86_400_000;

const SHOP = definitionSchema.parse({
  input: {
    fields: {
      member: { titles: ['customer'], type: 'string', required: true },
      spend: { titles: ['spend'], type: 'number', unit: 'EUR' },
      items: { titles: ['items'], type: 'number', default: 1 },
      kind: { titles: ['kind'], type: 'string', enum: { buy: [], return: [] } },
      joined: { titles: ['joined'], type: 'datetime', default: '2020-01-01' },
      time: { titles: ['time'], type: 'datetime', required: true },
    },
  },
  models: { score: { title: 'score', url: 'https://models.example/score' } },
  features: { LAST_2: { sum: 'spend', last: 2 }, LAST_3_BOUGHT: { sum: 'spend', last: 3, where: { kind: 'buy' } } },
});

const fileOf = (...lines: string[]) => ({
  open: async () => Readable.from([Buffer.from(['customer,time,kind,spend,items,joined', ...lines].join('\n'))]),
});

describe('the table of transactions of another partner', () => {
  it('has its fields, what a blank of each is read as, and marks what features without a condition look at', async () => {
    const wanted = { memberId: 'A', definition: SHOP, asOfDay: AS_OF_DAY };
    const file = fileOf(
      'A,2024-01-02,buy,10.5,2,2023-01-01',
      'A,2024-01-03,,,,',
      'A,2024-01-04,return,-3,1,2023-01-01',
    );
    const { transactions } = await readMember([file], wanted);
    expect(transactionLines(inOrderOfTime(transactions), SHOP)).toEqual([
      'transactions: 3, in order of time',
      '    line  time (UTC)           spend EUR  items  kind    joined (UTC)',
      '       2  2024-01-02 00:00:00       10.5      2  buy     2023-01-01 00:00:00',
      '  *    3  2024-01-03 00:00:00                 1          2020-01-01 00:00:00  blank: spend, items, kind, joined',
      '  *    4  2024-01-04 00:00:00       −3        1  return  2023-01-01 00:00:00',
      '  * the 2 most recent; at the same time the later line is the more recent',
      '  blank spend and kind are read as none, a blank items as 1, a blank joined as 2020-01-01',
    ]);
  });

  it('marks none where no feature looks at the latest', async () => {
    const definition = { ...SHOP, features: { ROWS: { count: 'transactions' } } };
    const { transactions } = await readMember([fileOf('A,2024-01-02,buy,1,1,2023-01-01')], {
      memberId: 'A',
      definition,
      asOfDay: AS_OF_DAY,
    });
    expect(transactionLines(transactions, definition)).toHaveLength(3);
  });
});

describe('the arithmetic of other functions', () => {
  it.each<[Arithmetic, string[]]>([
    [{ type: 'sum', terms: [10, -3, 5], total: 12 }, ['10 − 3 + 5']],
    [{ type: 'sum', terms: [10], total: 10 }, []],
    [{ type: 'min', terms: [10, -3] }, ['the least of 10 and −3']],
    [{ type: 'max', terms: [10, -3, 1500] }, ['the most of 10 and −3 and 1,500']],
    [{ type: 'count', count: 5 }, []],
    [{ type: 'default' }, ['no such transaction']],
  ])('%j', (arithmetic, steps) => {
    expect(arithmeticSteps(arithmetic, 60)).toEqual(steps);
  });

  it('is cut where there is no room for all terms', () => {
    const terms = Array.from({ length: 1000 }, () => 2000);
    expect(arithmeticSteps({ type: 'sum', terms, total: 2e6 }, 40)).toEqual(['2,000 + 2,000 + 2,000 + … 997 more']);
    expect(arithmeticSteps({ type: 'max', terms }, 40)).toEqual(['the most of 2,000 and 2,000 and 998 more']);
    expect(arithmeticSteps({ type: 'max', terms }, 20)).toEqual(['the most of 1,000 values']);
  });
});

describe('features of another partner', () => {
  it('are lined up by their names, with their units', () => {
    const definition = {
      ...SHOP,
      features: {
        SPEND: { sum: 'spend', unit: 'EUR' },
        DAYS_SINCE_RETURN: { daysSinceLast: 'time', where: { kind: 'return' }, default: 999 },
      },
    };
    const features = [
      { name: 'SPEND', value: 7.5, arithmetic: { type: 'sum', terms: [10.5, -3], total: 7.5 } },
      { name: 'DAYS_SINCE_RETURN', value: 999, arithmetic: { type: 'default' } },
      { name: 'GONE', value: 1 },
    ] as const;
    expect(featureLines(features, definition)).toEqual([
      'features',
      '  SPEND             = 10.5 − 3 = 7.5 EUR',
      '  DAYS_SINCE_RETURN = no such transaction = 999 days',
      '  GONE              = 1',
    ]);
  });
});
