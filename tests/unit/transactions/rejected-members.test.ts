import { LOSS_LIMITS, RejectedMembers } from '../../../lib/transactions/rejected-members.ts';

const reject = (members: RejectedMembers, ...rejected: (readonly [line: number, memberId: string | undefined])[]) => {
  for (const [line, memberId] of rejected) members.add(memberId, { line, reason: `reason ${line}` });
};
const nobody = () => false;

describe('members whose rows were rejected', () => {
  it('are those that lack some of their rows, and those that lack all, with the first reason', () => {
    const members = new RejectedMembers();
    // Line 4 is told of after line 6, as happens within a stretch of a file.
    reject(members, [2, 'A'], [3, undefined], [6, 'C'], [4, 'C'], [7, 'B'], [8, 'A']);
    expect(members.losses((memberId) => memberId === 'A')).toEqual({
      incomplete: { members: 1, rows: 2 },
      missing: {
        members: 2,
        rows: 3,
        first: [
          { memberId: 'C', rows: 2, line: 4, reason: 'reason 4' },
          { memberId: 'B', rows: 1, line: 7, reason: 'reason 7' },
        ],
      },
      unknownRows: 1,
    });
    expect(['A', 'B', 'C', 'D'].map((memberId) => members.rowsOf(memberId))).toEqual([2, 1, 2, 0]);
  });

  it('are nobody when no row was rejected', () => {
    expect(new RejectedMembers().losses(nobody)).toBeUndefined();
  });

  it('are counted until there are too many, and listed as far as there is room', () => {
    const members = new RejectedMembers({ ...LOSS_LIMITS, members: 3, listed: 2 });
    reject(members, [2, 'A'], [3, 'B'], [4, 'C'], [5, 'D'], [6, 'A'], [7, 'E']);
    expect(members.losses(nobody)).toMatchObject({
      missing: { members: 3, rows: 4, first: [{ memberId: 'A', rows: 2 }, { memberId: 'B' }] },
      unknownRows: 2,
      isLowerBound: true,
    });
    expect(members.rowsOf('D')).toBe(0);
  });

  it('take no more memory than there is for their ids and reasons', () => {
    const members = new RejectedMembers({ ...LOSS_LIMITS, characters: 30 });
    // Of 1 + 8 characters each, but for the second: it and all after it are not counted.
    reject(members, [2, 'A'], [3, 'B'.repeat(20)], [4, 'C']);
    expect(members.losses(nobody)).toMatchObject({ missing: { members: 1 }, unknownRows: 2, isLowerBound: true });
  });
});
