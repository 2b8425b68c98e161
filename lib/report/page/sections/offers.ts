import { h, type JSX } from 'preact';
import type { Summary } from '../../../run/summary.ts';
import { counted, formatCount, formatShare, shareOf } from '../../view/numbers.ts';
import { boundarySentence } from '../../view/wording.ts';
import type { OfferRanks } from '../charts/offer-ranks.ts';
import { offersChart } from '../charts/offers-chart.ts';
import { figure, section, shareBar, table } from '../elements/markup.ts';

/** Who gets which offer, and how near members are to another one; nothing when nobody was scored. */
export function offersSection({ members, boundaries }: Summary, { ranked }: OfferRanks): JSX.Element | undefined {
  if (ranked.length === 0) return undefined;
  const { scored } = members;
  const share = (count: number) => shareOf(count, scored);
  const alternative = ranked
    .map(({ name, members: count }) => `${name}: ${counted(count, 'member')}, ${formatShare(share(count))}`)
    .join('; ');
  return section(
    'offers',
    'Who gets which offer',
    ...boundaries.map((boundary) => h('p', null, boundarySentence(boundary, scored))),
    figure(
      `Bar chart of members per offer. ${alternative}.`,
      'Members per offer and their share of all scored',
      (width) => offersChart(ranked, scored, width),
    ),
    table(
      'Members per offer',
      [
        { name: 'Offer', cell: ({ name }) => name },
        { name: 'Members', numeric: true, cell: ({ members: count }) => formatCount(count) },
        { name: 'Share', numeric: true, cell: ({ members: count }) => formatShare(share(count)) },
        { name: '', cell: ({ members: count }) => shareBar(share(count)) },
      ],
      ranked,
    ),
  );
}
