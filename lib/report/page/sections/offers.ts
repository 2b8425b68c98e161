import { h, type JSX } from 'preact';
import { counted } from '../../../counted.ts';
import type { OfferRow } from '../../view/offers.ts';
import { plainName, plainText } from '../../view/plain-text.ts';
import type { RunView } from '../../view/view.ts';
import type { OfferRanks } from '../charts/offer-ranks.ts';
import { type OfferBar, offersChart } from '../charts/offers-chart.ts';
import { figure, section, shareBar, table } from '../elements/markup.ts';

/** The largest number of bars in the chart, and of rows in a table that is not collapsed. */
const MAX_SHOWN = 20;

/** Who gets which offer, and how near members are to another one; undefined when no member was scored. */
export function offersSection({ offers, boundaries }: RunView, ranks: OfferRanks): JSX.Element | undefined {
  if (offers.length === 0) return undefined;
  const bars = barsOf(offers, ranks);
  return section(
    'offers',
    'Who gets which offer',
    ...boundaries.map((sentence) => h('p', null, plainText(sentence))),
    figure(
      `Bar chart of members per offer. ${alternativeOf(offers)}.`,
      bars.length === offers.length
        ? 'Members per offer and their share of all scored'
        : `The ${bars.length} offers of most members, with their share of all scored; the table has the others`,
      (width) => offersChart(bars, width),
    ),
    offers.length > MAX_SHOWN
      ? h('details', null, h('summary', null, `All offers (${counted(offers.length, 'row')})`), offersTable(offers))
      : offersTable(offers),
  );
}

/** The others together get no bar: it could be the longest, although each of these offers is small. */
function barsOf(offers: readonly OfferRow[], ranks: OfferRanks): OfferBar[] {
  const named = offers.filter(({ offer }) => offer !== undefined).slice(0, MAX_SHOWN);
  return named.map(({ offer, name, members, membersText, shareText }) => ({
    name: plainName(name),
    members,
    numbers: `${membersText} (${shareText})`,
    colour: ranks.of(offer)?.colour ?? 'var(--muted)',
  }));
}

function alternativeOf(offers: readonly OfferRow[]): string {
  const said = offers
    .slice(0, MAX_SHOWN)
    .map(({ name, members, shareText }) => `${plainName(name)}: ${counted(members, 'member')}, ${shareText}`);
  const others = offers.length > MAX_SHOWN ? [`${counted(offers.length - MAX_SHOWN, 'further row')} in the table`] : [];
  return [...said, ...others].join('; ');
}

function offersTable(offers: readonly OfferRow[]): JSX.Element {
  return table(
    'Members per offer',
    [
      { name: 'Offer', cell: ({ name }) => plainName(name) },
      { name: 'Members', numeric: true, cell: ({ membersText }) => membersText },
      { name: 'Share', numeric: true, cell: ({ shareText }) => shareText },
      { name: '', cell: ({ offer, share }) => (offer === undefined ? '' : shareBar(share)) },
    ],
    offers,
  );
}
