import { suspiciousIds } from '../../../lib/members/suspicious-ids.ts';

/** Of members with so many transactions each. */
function checksOf(members: Readonly<Record<string, number>>): string[] {
  const memberIds = Object.keys(members);
  const checks = suspiciousIds({
    memberIds,
    has: (id) => Object.hasOwn(members, id),
    transactions: (member) => members[memberIds[member] ?? ''] ?? 0,
  });
  return checks.map(({ count, advice }) => `${count}: ${advice}`);
}

const once = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, 1]));

describe('ids that may not be those of single members', () => {
  it('are numbers that a spreadsheet has rounded', () => {
    expect(checksOf({ '9.87654E+12': 30, '1E+15': 2, '4,5e+10': 1, A1: 1 })).toEqual([
      '3 ids of 33 rows look like long numbers that a spreadsheet has rounded: "9.87654E+12" may stand for several members. Format the column as text before the file is saved, or export it again.',
    ]);
  });

  it('are numbers with .0, where the same is there without', () => {
    expect(checksOf(once('77', '77.0', '78.00', '78', '79.0', '80.5', '80'))).toEqual([
      '2 ids are there with .0 at the end and without it: "77.0" and "77" are different members here. Where they are one, export the ids as text.',
    ]);
  });

  it.each([
    ['case', ['kim@example.org', 'KIM@example.org', 'Kim@Example.org', 'lee@example.org'], 2],
    ['case, though none is in lower case alone', ['ABc', 'AbC', 'XY'], 1],
    ['full-width digits', ['4711', '４７１１'], 1],
    ['case beyond ASCII', ['MÜLLER', 'müller'], 1],
  ])('differ from others only by %s', (_, ids, count) => {
    const [check, ...others] = checksOf(once(...ids));
    expect(check).toMatch(new RegExp(`^${count} ids? differs? from another one only by upper and lower case`));
    expect(others).toEqual([]);
  });

  it('are those of lines of subtotals', () => {
    expect(checksOf(once('M1', 'North Total', 'Süd Ergebnis', 'Subtotal2', 'Nototal'))).toEqual([
      '2 members are called as lines of totals are: Look at "North Total". Where it is no member, remove its line from the file.',
    ]);
  });

  it('are those of lines of totals', () => {
    expect(checksOf(once('M1', 'Summe', 'GRAND TOTAL'))).toEqual([
      '2 members are called as lines of totals are: Look at "GRAND TOTAL". Where it is no member, remove its line from the file.',
    ]);
  });

  it.each([
    [
      'with letters that were lost',
      { 'M\uFFFDller': 3, 'M\uFFFDhler': 2, Anna: 1 },
      '2 ids of 5 rows have lost letters: "M\uFFFDller" may stand for several members: a program',
    ],
    [
      'of a column that was too narrow',
      { '########': 4, A1: 1 },
      '1 id of 4 rows is nothing but number signs: "########" is what a spreadsheet writes',
    ],
    [
      'errors of a spreadsheet',
      { '#REF!': 1, '#NV': 1, '#NAME?': 1, '#WERT!': 1, '#DIV/0!': 1, '#1003': 1, '#NEW': 1 },
      '5 ids of 5 rows are errors of a spreadsheet: "#REF!" may stand for several members. Correct its formula',
    ],
    [
      'in UTF-8 that was read as Windows-1252',
      { 'MÃ¼ller': 1, 'RenÃ©': 1, 'Oâ€™Neil': 1, 'Ã–zil': 1, João: 1, IRMÃO: 1, Pâtis: 1, Ângela: 1 },
      '4 ids of 4 rows look like UTF-8 that was read as Windows-1252: "MÃ¼ller" was spoilt before',
    ],
    [
      'dates among ids that are none',
      { 'MAR-01': 1, '1-Jan': 2, 'K-17': 1, 'CAR-01': 1, M5: 1, 'MAR-0001': 1 },
      '2 ids of 3 rows look like dates that a spreadsheet has made: "MAR-01" may have been another id',
    ],
    [
      'all cut off after 15 digits',
      { '1234567890123450000': 2, '9876543210987000': 1, '123456789012345': 1, '0000000000000000123': 1 },
      '2 ids of 3 rows have zeros from the 16th digit on, as all do that are so long: "1234567890123450000" may stand',
    ],
    [
      'names for nobody',
      { '(not set)': 1, Unknown: 1, GUEST: 1, '00000000-0000-0000-0000-000000000000': 1, testa: 1 },
      '4 members are called as nobody is: Look at "(not set)". Where it is no member, remove its rows',
    ],
    ['a name for nobody', { undefined: 9, M1: 1 }, '1 member is called as nobody is: Look at "undefined".'],
  ])('are %s', (_, members, told) => {
    expect(checksOf(members)).toEqual([expect.stringContaining(told)]);
  });

  it.each([
    ['zeros', ['123', '00123', '0', '00', '0124'], '2 ids differ', '"00123" and "123"'],
    ['commas', ['1,234', '1234', '1,23', '123'], '1 id differs', '"1,234" and "1234"'],
    ['quotes', ['A1', "'A1", '“A1”', '"A1"', '`A1`', 'B'], '4 ids differ', '"\'A1" and "A1"'],
    [
      'braces and case',
      ['{6F9619FF-8B86-D011-B42D-00CF4FC964FF}', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
      '1 id differs',
      '"{6F9619FF-8B86-D011-B42D-00CF4FC964FF}" and "6f9619ff-8b86-d011-b42d-00cf4fc964ff"',
    ],
    [
      'hyphens of a UUID',
      ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', '6f9619ff8b86d011b42d00cf4fc964ff'],
      '1 id differs',
      '"6f9619ff8b86d011b42d00cf4fc964ff" and "6f9619ff-8b86-d011-b42d-00cf4fc964ff"',
    ],
  ])('differ from others only by %s', (_, ids, count, example) => {
    expect(checksOf(once(...ids))).toEqual([
      `${count} from another one only by zeros, quotes or brackets: ${example} are different members here. Where they are one, write them alike.`,
    ]);
  });

  it('show blanks that look alike', () => {
    expect(checksOf(once('Jo Ann', 'Jo\u00a0Ann'))).toEqual([
      expect.stringContaining('kinds of blanks: "Jo\\u00a0Ann" and "Jo Ann" are'),
    ]);
  });

  it.each([
    ['hexadecimal', ['12E4', '12e5', 'E2BFF572']],
    ['of one case each', ['A1', 'B2', 'abc']],
    ['decimal throughout', ['1.0', '2.0']],
    ['addresses', ['10.0.0.1', '+15550100001', '1+1@example.org']],
    ['with letters beyond ASCII', ['Zoë', 'Zoe', 'Łukasz']],
    ['padded with zeros to one length', ['00000123', '00000124', '12345678']],
    ['of numbers that begin with #', ['#1001', '#1002']],
    ['mostly of months', ['MAR-01', 'APR-17', 'K1']],
    ['long numbers of which one has no zero', ['1234567890123450', '1234567890123460', '1234567890123461']],
    ['a long number that ends in zero by chance', ['1234567890123450']],
    ['with hyphens where others have none', ['1-1', '11', 'A-1', 'A1']],
  ])('are not those that are %s', (_, ids) => {
    expect(checksOf(once(...ids))).toEqual([]);
  });
});
