import leven from 'leven';

/** How many letters of a name may differ: one in so many, and two in any case. */
const LETTERS_PER_SLIP = 3;
const LEAST_SLIPS = 2;

/** The known name that may have been meant; undefined when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const meant = name.toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.max(LEAST_SLIPS, Math.floor(name.length / LETTERS_PER_SLIP)) + 1;
  for (const candidate of known) {
    const slips = leven(meant, candidate.toLowerCase(), { maxDistance: fewest });
    // Of a short name nothing would be left.
    if (slips >= fewest || slips >= candidate.length) continue;
    nearest = candidate;
    fewest = slips;
  }
  return nearest;
}

/** The end of a sentence about a name that there is not: which one may have been meant, or which ones there are. */
export function insteadOf(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return known.length === 0 ? 'there is none' : `there is ${new Intl.ListFormat('en-GB').format(known)}`;
}
