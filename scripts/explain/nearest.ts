import leven from 'leven';

/** More would not be read. */
const SHOWN = 5;
/** How many letters of an id may differ: one in so many. */
const LETTERS_PER_SLIP = 3;
const MAX_SLIPS = 2;

/** Ids that may have been meant: the nearest first, those that differ in case alone before all others. */
export function nearestIds(memberId: string, knownIds: Iterable<string>): string[] {
  const meant = memberId.toLowerCase();
  const slips = Math.min(MAX_SLIPS, Math.max(1, Math.floor(memberId.length / LETTERS_PER_SLIP)));
  let nearest: { id: string; distance: number }[] = [];
  for (const id of knownIds) {
    const distance = leven(meant, id.toLowerCase(), { maxDistance: slips + 1 });
    if (distance > slips) continue;
    nearest.push({ id, distance });
    if (nearest.length > 2 * SHOWN) nearest = first(nearest);
  }
  return first(nearest).map(({ id }) => id);
}

function first(candidates: readonly { id: string; distance: number }[]) {
  return candidates.toSorted((one, other) => one.distance - other.distance).slice(0, SHOWN);
}
