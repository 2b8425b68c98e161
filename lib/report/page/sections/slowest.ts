import type { JSX } from 'preact';
import type { Calls } from '../../../calls.ts';
import { formatCount } from '../../../counted.ts';
import { type Outcome, predictionIn, type ScoredMember } from '../../../run/contracts.ts';
import { TOTAL } from '../../../timing/steps.ts';
import { requestsFor, timed } from '../../figures/tally.ts';
import { formatMs, formatPrediction } from '../../view/numbers.ts';
import { nameOf } from '../../view/offers.ts';
import { plainName, plainText } from '../../view/plain-text.ts';
import type { RunView } from '../../view/view.ts';
import { section, type TableColumn, table } from '../elements/markup.ts';

const NONE = '–';

const shown = (value: number | undefined, format: (value: number) => string) =>
  value === undefined ? NONE : format(value);

function columnsOf({ models, offer, all }: Calls): TableColumn<ScoredMember>[] {
  return [
    { name: 'Member', cell: ({ memberId }) => plainName(nameOf(memberId)) },
    { name: 'Total, ms', numeric: true, cell: (member) => shown(timed(member, TOTAL), formatMs) },
    ...all.map(({ name, label }) => ({
      name: plainText(`${label}, ms`),
      numeric: true,
      cell: (member: ScoredMember) => shown(timed(member, name), formatMs),
    })),
    { name: 'Requests', numeric: true, cell: (member) => formatCount(requestsFor(member)) },
    ...models.map(({ name, label }) => ({
      name: plainText(label),
      numeric: true,
      cell: ({ outcome }: ScoredMember) => shown(predictionIn(outcome, name), formatPrediction),
    })),
    ...(offer === undefined ? [] : [{ name: 'Offer', cell: ({ outcome }: ScoredMember) => offerText(outcome) }]),
    { name: 'Status', cell: ({ outcome }) => outcome.status },
  ];
}

function offerText(outcome: Outcome): string {
  return outcome.status === 'SCORED' && outcome.offer !== undefined ? plainName(nameOf(outcome.offer)) : NONE;
}

/** The members whose calls took longest; undefined when there are none. */
export function slowestSection(
  { calls, sharedRequests }: RunView,
  members: readonly ScoredMember[],
): JSX.Element | undefined {
  if (members.length === 0) return undefined;
  const caption = `Members by the time their calls took${sharedRequests === undefined ? '' : '; the requests are those that a member was in, with others'}`;
  return section('slowest', 'Slowest members', table(caption, columnsOf(calls), members));
}
