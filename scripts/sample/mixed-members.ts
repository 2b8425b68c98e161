import type { Random } from '../shared/random.ts';

/** How many members' rows are mixed with each other: what bounds the memory, whatever the number of members. */
const MEMBERS_AT_ONCE = 10_000;

const MAX_TRANSACTIONS = 12;

/** Every member as often as it has transactions, 1 to 12, in no order. */
export function* mixedMembers({ members, seed }: { members: number; seed: number }, random: Random): Generator<string> {
  const active: { memberId: string; left: number }[] = [];
  let next = 0;
  while (next < members || active.length > 0) {
    while (next < members && active.length < MEMBERS_AT_ONCE) {
      active.push({ memberId: memberIdOf(next, seed), left: transactionsOf(random) });
      next += 1;
    }
    const place = random.whole(0, active.length - 1);
    const member = active[place];
    const last = active.at(-1);
    if (!member || !last) return;
    yield member.memberId;
    member.left -= 1;
    if (member.left > 0) continue;
    active[place] = last;
    active.pop();
  }
}

/** Few transactions are more usual than many. */
function transactionsOf(random: Random): number {
  return 1 + Math.floor(MAX_TRANSACTIONS * random.fraction() ** 2);
}

/** Eight hexadecimal digits. An odd factor permutes the 32-bit numbers, so no two members share an id. */
function memberIdOf(index: number, seed: number): string {
  const id = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  return (id >>> 0).toString(16).toUpperCase().padStart(8, '0');
}
