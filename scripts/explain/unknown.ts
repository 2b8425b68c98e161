import { printable, whole } from '../../local/terminal/printable.ts';
import { CommandError } from '../shared/command.ts';
import { nearestIds } from './nearest.ts';
import type { MemberInFile } from './transactions.ts';

/** That there is no such member, in one line: who may have been meant, and which rejected rows name it. */
export function unknownMember(
  memberId: string,
  place: string,
  { memberIds, rejected }: Pick<MemberInFile, 'memberIds' | 'rejected'>,
): CommandError {
  const nearest = nearestIds(memberId, memberIds);
  const isOnlyCase = nearest.some((id) => id.toLowerCase() === memberId.toLowerCase());
  const [first] = rejected;
  const parts = [`no member "${printable(memberId)}" in ${printable(place)}`];
  if (nearest.length > 0) {
    parts.push(`nearest: ${nearest.map((id) => printable(id)).join(', ')}${isOnlyCase ? ' (case matters)' : ''}`);
  }
  if (first !== undefined) {
    parts.push(
      `rejected rows that name it: ${rejected.length}, the first in line ${first.line}: ${whole(first.reason)}`,
    );
  }
  return new CommandError(parts.join('; '));
}
