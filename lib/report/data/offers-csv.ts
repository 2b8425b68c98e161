import { type Options, stringify } from 'csv-stringify/sync';
import type { ScoredMember } from '../../contracts.ts';

export const CSV_CONTENT_TYPE = 'text/csv; charset=utf-8';

// A text that a spreadsheet would run as a formula gets an apostrophe in front, and so is shown as the text it is:
// https://owasp.org/www-community/attacks/CSV_Injection
const OPTIONS: Options = { escape_formulas: true };

/** The first line of `offers.csv`. */
export function offersHeader(): string {
  return stringify([['MEMBER_ID', 'OFFER', 'ATS_PREDICTION', 'RESP_PREDICTION']], OPTIONS);
}

/** A line for each member that has an offer: whoever has none must not be taken for one with an empty offer. */
export function offersLines(members: readonly ScoredMember[]): string {
  const rows = members.flatMap(({ memberId, outcome }) =>
    outcome.status === 'SCORED' ? [[memberId, outcome.offer, outcome.ats, outcome.resp]] : [],
  );
  return stringify(rows, OPTIONS);
}
