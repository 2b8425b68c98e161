import { estimatedUsd, formatUsd } from '../../../lib/cost/usd.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { printable } from '../../../local/terminal/printable.ts';

/** Columns for the words of a price list. */
const WORD_COLUMNS = 16;

/** What the run costs on AWS; nothing where that is not known. */
export function costLine({ cost }: Summary): string[] {
  if (cost === undefined) return [];
  const { region, asOf } = cost.prices;
  const parts = cost.stages.map(({ name, usd }) => `${printable(name, WORD_COLUMNS)} ${formatUsd(usd)}`);
  const prices = [region, asOf].map((word) => printable(word, WORD_COLUMNS)).join(', ');
  return [`  cost     ${estimatedUsd(cost)} on AWS (${prices}) = ${parts.join(' + ')}`];
}
