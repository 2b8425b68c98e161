import type { JSX } from 'preact';
import { CALL_DEFINITION, CALLS, PREDICTION_DEFINITION, PREDICTIONS } from '../../../calls.ts';
import type { ScoredMember } from '../../../run/contracts.ts';
import { TOTAL } from '../../../run/steps.ts';
import { requestsFor, timed } from '../../figures/tally.ts';
import { formatCount, formatMs, formatPrediction } from '../../view/numbers.ts';
import { nameOf } from '../../view/offers.ts';
import { plainName } from '../../view/plain-text.ts';
import { section, type TableColumn, table } from '../elements/markup.ts';

const NONE = '–';

const shown = (value: number | undefined, format: (value: number) => string) =>
  value === undefined ? NONE : format(value);

const COLUMNS: TableColumn<ScoredMember>[] = [
  { name: 'Member', cell: ({ memberId }) => plainName(nameOf(memberId)) },
  { name: 'Total, ms', numeric: true, cell: (member) => shown(timed(member, TOTAL), formatMs) },
  ...CALLS.map((call) => ({
    name: `${CALL_DEFINITION[call].label}, ms`,
    numeric: true,
    cell: (member: ScoredMember) => shown(timed(member, call), formatMs),
  })),
  { name: 'Requests', numeric: true, cell: (member) => formatCount(requestsFor(member)) },
  ...PREDICTIONS.map((prediction) => ({
    name: PREDICTION_DEFINITION[prediction].label,
    numeric: true,
    cell: ({ outcome }: ScoredMember) => shown(outcome[prediction], formatPrediction),
  })),
  { name: 'Offer', cell: ({ outcome }) => (outcome.status === 'SCORED' ? plainName(nameOf(outcome.offer)) : NONE) },
  { name: 'Status', cell: ({ outcome }) => outcome.status },
];

/** The members whose calls took longest; undefined when there are none. */
export function slowestSection(members: readonly ScoredMember[]): JSX.Element | undefined {
  if (members.length === 0) return undefined;
  return section('slowest', 'Slowest members', table('Members by the time their calls took', COLUMNS, members));
}
