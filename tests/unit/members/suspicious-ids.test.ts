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
    ['hexadecimal', ['12E4', '12e5', 'E2BFF572']],
    ['of one case each', ['A1', 'B2', 'abc']],
    ['decimal throughout', ['1.0', '2.0']],
    ['addresses', ['10.0.0.1', '+15550100001', '1+1@example.org']],
    ['with letters beyond ASCII', ['Zoë', 'Zoe', 'Łukasz']],
  ])('are not those that are %s', (_, ids) => {
    expect(checksOf(once(...ids))).toEqual([]);
  });
});
