import type { JSX } from 'preact';
import { CALLS } from '../../../calls.ts';
import type { ScoredMember } from '../../../run/contracts.ts';
import { formatCount, formatMs, formatPrediction } from '../../view/numbers.ts';
import { plainName } from '../../view/plain-text.ts';
import { section, type TableColumn, table } from '../elements/markup.ts';

const NONE = '–';

const predicted = (value: number | undefined) => (value === undefined ? NONE : formatPrediction(value));

const COLUMNS: TableColumn<ScoredMember>[] = [
  { name: 'Member', cell: ({ memberId }) => plainName(memberId) },
  { name: 'Total, ms', numeric: true, cell: ({ latency }) => formatMs(latency.total) },
  ...CALLS.map((call) => ({
    name: `${call.toUpperCase()}, ms`,
    numeric: true,
    cell: ({ latency }: ScoredMember) => (latency[call] === undefined ? NONE : formatMs(latency[call])),
  })),
  {
    name: 'Requests',
    numeric: true,
    cell: ({ attempts }) => formatCount(CALLS.reduce((sum, call) => sum + attempts[call], 0)),
  },
  { name: 'ATS', numeric: true, cell: ({ outcome }) => predicted(outcome.ats) },
  { name: 'RESP', numeric: true, cell: ({ outcome }) => predicted(outcome.resp) },
  { name: 'Offer', cell: ({ outcome }) => (outcome.status === 'SCORED' ? plainName(outcome.offer) : NONE) },
  { name: 'Status', cell: ({ outcome }) => outcome.status },
];

/** The members that took longest; nothing when there are none. */
export function slowestSection(members: readonly ScoredMember[]): JSX.Element | undefined {
  if (members.length === 0) return undefined;
  return section('slowest', 'Slowest members', table('Members by the time their calls took', COLUMNS, members));
}
