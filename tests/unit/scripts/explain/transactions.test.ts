import { Readable } from 'node:stream';
import { inOrderOfTime } from '../../../../lib/members/arithmetic.ts';
import { readMember } from '../../../../scripts/explain/transactions.ts';
import { transactionLines } from '../../../../scripts/explain/transactions-text.ts';
import { DEFAULT, totalOf } from '../../../default-partner.ts';

const AS_OF_DAY = Date.UTC(2024, 0, 31) / 86_400_000;
const HEADER =
  'REGION,memberId,lastTransactionUtcTs,lastTransactionType,lastTransactionPointsBought,lastTransactionRevenueUSD';

const fileOf = (lines: readonly string[]) => ({
  open: async () => Readable.from([Buffer.from([HEADER, ...lines].join('\n'))]),
});

const read = (memberId: string, ...lines: string[]) =>
  readMember([fileOf(lines)], { memberId, definition: DEFAULT, asOfDay: AS_OF_DAY });

describe('what a file says about a member', () => {
  it('is that member’s rows with their lines and blank cells, and who else is in it', async () => {
    const { transactions, memberIds, aggregates } = await read(
      'A',
      'x,A,2024-01-02,buy,100,1',
      'x,B,2024-01-02,buy,100,1',
      ',A,,N/A,,null',
      'x,A,2024-01-01,redeem,-5,',
    );
    expect(transactions.map(({ line, blank }) => ({ line, blank }))).toEqual([
      { line: 2, blank: [] },
      { line: 4, blank: ['time', 'kind', 'points', 'revenue'] },
      { line: 5, blank: ['revenue'] },
    ]);
    expect([...memberIds]).toEqual(['A', 'B']);
    expect({ members: aggregates.size, points: totalOf(aggregates, 'points') }).toEqual({ members: 1, points: 95 });
  });

  it('has the lines on which rows begin where quoted fields hold line breaks', async () => {
    const { transactions } = await read('A', '"x\ny",A,2024-01-02,buy,1,1', '"z",A,2024-01-03,buy,2,2');
    expect(transactions.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('includes rejected rows with the id in the member’s column, quoted or not', async () => {
    const { rejected } = await read(
      'A',
      'x,A,2024-01-02,buy,1,1',
      'x,A,2024-02-01,buy,1,1',
      'x," A ",2024-01-02,sell,1,1',
      'A,B,2024-01-02,sell,1,1',
      'x,AB,2024-01-02,sell,1,1',
    );
    expect(rejected.map(({ line }) => line)).toEqual([3, 4]);
    expect(rejected[0]?.reason).toBe('LAST_TRANSACTION_TS "2024-02-01" is after the as-of day');
  });

  it('includes rejected rows with the id in any column when columns have shifted or quotes do not match', async () => {
    const { rejected } = await read(
      'A',
      'x,A,2024-01-02,buy,1,1',
      'x,,A,2024-01-02,buy,1,1',
      'A,2024-01-02,buy,1,1',
      'x,A,2024-01-02,b"uy,1,1',
      'x,B,2024-01-02,buy,1',
    );
    expect(rejected.map(({ line }) => line)).toEqual([3, 4, 5]);
  });

  it('keeps only the beginning of a long rejected row', async () => {
    const { rejected } = await read('A', 'x,A,2024-01-02,buy,1,1', `x,A,${'9'.repeat(10_000)},buy,1,1`);
    expect(rejected.map(({ raw }) => raw.length)).toEqual([501]);
  });

  it('is nothing when the member is not in it', async () => {
    const { transactions, rejected, aggregates } = await read('C', 'x,A,2024-01-02,buy,1,1');
    expect({ transactions, rejected, members: aggregates.size }).toEqual({
      transactions: [],
      rejected: [],
      members: 0,
    });
  });
});

describe('the table of transactions', () => {
  it('is in order of time, with the three most recent ones marked and numbers aligned', async () => {
    const { transactions } = await read(
      'A',
      'x,A,2023-12-20 10:00:00,buy,1200,12.25',
      'x,A,2023-12-20 10:00:00,,NA,4',
      'x,A,2024-01-10T00:00:00.5Z,redeem,-300,0',
      'x,A,,buy,500,3.5',
    );
    expect(transactionLines(inOrderOfTime(transactions), DEFAULT)).toEqual([
      'transactions: 4, in order of time',
      '    line  time (UTC)               kind    points  revenue USD',
      '       5  1990-01-01 00:00:00      buy        500         3.5   blank: time',
      '  *    2  2023-12-20 10:00:00      buy      1,200        12.25',
      '  *    3  2023-12-20 10:00:00                   0         4     blank: kind, points',
      '  *    4  2024-01-10 00:00:00.500  redeem    −300         0',
      '  * the 3 most recent; at the same time the later line is the more recent',
      '  blank points and revenue are read as 0, a blank time as 1990-01-01, a blank kind as none',
    ]);
  });

  it('marks all of fewer than three', async () => {
    const { transactions } = await read('A', 'x,A,2024-01-02,buy,1,1', 'x,A,2024-01-03,buy,2,2');
    const lines = transactionLines(inOrderOfTime(transactions), DEFAULT);
    expect(lines.filter((line) => line.startsWith('  *'))).toHaveLength(3);
    expect(lines.at(-1)).toBe('  * all of them are among the 3 most recent');
  });

  it('shows the first and the last of very many, and how many are left out', async () => {
    const lines = Array.from({ length: 200_000 }, (_, n) => `x,A,2023-01-01,buy,${n},1`);
    const { transactions } = await readMember([fileOf(lines)], {
      memberId: 'A',
      definition: DEFAULT,
      asOfDay: AS_OF_DAY,
    });
    const shown = transactionLines(inOrderOfTime(transactions), DEFAULT);
    expect(shown[0]).toBe('transactions: 200000, in order of time');
    expect(shown[14]).toBe('    … 199976 more …');
    expect(shown.slice(2, 27)).toHaveLength(25);
    expect(shown[26]).toMatch(/^ {2}\* 200001 {2}.* 199,999 /);
    expect(shown[13]).toMatch(/^ {8}13 {2}/);
  });
});
