import type { Calls } from '../../calls.ts';
import type { ScoredMember } from '../../run/contracts.ts';
import type { Output } from '../../run/outputs.ts';
import { jsonLine } from '../../storage/json-lines.ts';
import { offersHeader, offersLines } from './offers-csv.ts';

/** Outputs that are text with one or more lines for each member. */
export type MemberOutput = Exclude<Output, 'workbook' | 'page' | 'summary'>;

/** How the text of such an output is made. */
export interface MemberLines {
  /** The text before the first member. */
  header?: (calls: Calls) => string;
  /** The lines of some members, which are in the order of the run. */
  lines: (members: readonly ScoredMember[], calls: Calls) => string;
}

export const MEMBER_LINES: Readonly<Record<MemberOutput, MemberLines>> = {
  offers: { header: offersHeader, lines: offersLines },
  members: { lines: (members) => members.map(jsonLine).join('') },
};
