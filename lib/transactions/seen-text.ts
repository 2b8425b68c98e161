import { EQUALS, formulaText } from './loose-fields.ts';
import { withoutInvisible } from './member-ids.ts';

const ASCII = /^\p{ASCII}*$/v;

/** What people see of a trimmed cell: of `="007"` the text in it, and nothing of what is not shown. */
export function seenText(cell: string): string {
  const text = withoutFormula(cell);
  return ASCII.test(text) ? text : withoutInvisible(text).trim();
}

/** What a trimmed cell says: of `="007"` the text in it. */
export function withoutFormula(cell: string): string {
  return cell.charCodeAt(0) === EQUALS ? (formulaText(cell)?.trim() ?? cell) : cell;
}
