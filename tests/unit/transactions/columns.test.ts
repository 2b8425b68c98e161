import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { NeededColumns } from '../../../lib/transactions/columns.ts';
import { DEFAULT } from '../../default-partner.ts';

it('a header that is quoted shows what cannot be printed as such', () => {
  expect(() => new NeededColumns(DEFAULT.input).find(['A\u0007B', 'C'], ',', 10)).toThrow(
    'but the first is "A\uFFFDB,C"',
  );
});

describe('a column that is missing', () => {
  const find =
    (...header: string[]) =>
    () =>
      new NeededColumns(DEFAULT.input).find(header, ',', 10);
  const REST = ['LAST_TRANSACTION_TYPE', 'LAST_TRANSACTION_POINTS_BOUGHT', 'LAST_TRANSACTION_REVENUE_USD'];

  it('is told with the titles that were looked for, and the name that may be meant', () => {
    expect(find('memberId', 'LAST_TRANSACTION_TIME', ...REST)).toThrow(
      'LAST_TRANSACTION_TS missing from the header, which is "memberId,LAST_TRANSACTION_TIME,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD"; LAST_TRANSACTION_TS was looked for as LAST_TRANSACTION_TS, lastTransactionUtcTs or lastTransatcionUtcTs, and may be "LAST_TRANSACTION_TIME"',
    );
  });

  it('is told with the name that may be meant alone where it has one title', () => {
    expect(find('MEMBRE_ID', 'LAST_TRANSACTION_TS', ...REST)).toThrow(/"; MEMBER_ID may be "MEMBRE_ID"$/);
  });

  it('is told alone when no name is near, nor one that names another column', () => {
    expect(find('X', 'LAST_TRANSACTION_TS', ...REST)).toThrow(/^MEMBER_ID missing from the header, which is "[^"]*"$/);
    expect(
      find('MEMBER_ID', 'LAST_TRANSACTION_TS', 'LAST_TRANSACTION_POINTS_BOUGHT', 'LAST_TRANSACTION_REVENUE_USD'),
    ).toThrow(/^LAST_TRANSACTION_TYPE missing from the header, which is "[^"]*"$/);
  });
});

describe('a title in other letters', () => {
  const fields = { ...DEFAULT.input.fields, member: { ...DEFAULT.input.fields.member, titles: ['Händler-Nr.'] } };
  const columns = new NeededColumns(definitionSchema.parse({ ...DEFAULT, input: { ...DEFAULT.input, fields } }).input);
  const REST = [
    'LAST_TRANSACTION_TS',
    'LAST_TRANSACTION_TYPE',
    'LAST_TRANSACTION_POINTS_BOUGHT',
    'LAST_TRANSACTION_REVENUE_USD',
  ];

  it('is found in any case, whichever way its letters are composed', () => {
    expect(columns.find(['händler nr', ...REST], ',', 10).member).toBe(0);
    expect(columns.find([...REST, 'HA\u0308NDLER_NR'], ',', 10).member).toBe(4);
  });

  it('is not found without them', () => {
    expect(() => columns.find(['hndlernr', ...REST], ',', 10)).toThrow('Händler-Nr. missing from the header');
  });
});
