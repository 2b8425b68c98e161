import type { Summary } from '../../run/summary.ts';

const SHARES = new Intl.NumberFormat('en-US', { style: 'percent', maximumSignificantDigits: 3 });
const COUNTS = new Intl.NumberFormat('en-US');

/** That more rows were rejected than the partner's file allows, in words; undefined when they were not. */
export function tooManyRejected({ rows, maxRejectedShare = 1 }: Pick<Summary, 'rows' | 'maxRejectedShare'>) {
  if (rows.rejected <= rows.read * maxRejectedShare) return undefined;
  const [rejected, read] = [rows.rejected, rows.read].map((count) => COUNTS.format(count));
  return `${rejected} of ${read} rows were rejected, more than the ${SHARES.format(maxRejectedShare)} that the partner's file allows (maxRejectedShare)`;
}
