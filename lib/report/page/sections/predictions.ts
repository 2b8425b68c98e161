import type { JSX } from 'preact';
import type { ExpectedValue } from '../../../calls.ts';
import { counted, formatCount } from '../../../counted.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import { formatValue } from '../../view/numbers.ts';
import { plainText } from '../../view/plain-text.ts';
import { SPREAD_COLUMNS, type SpreadRow } from '../../view/spreads.ts';
import type { RunView } from '../../view/view.ts';
import type { OfferRanks } from '../charts/offer-ranks.ts';
import { drawnBoundaries, predictionsChart } from '../charts/predictions-chart.ts';
import { figure, type LegendEntry, legend, section, type TableColumn, table } from '../elements/markup.ts';

/** The distribution of the predictions and their offers; undefined when no member was scored. */
export function predictionsSection(
  { spreads, calls: { expectedValue } }: RunView,
  figures: RunFigures,
  ranks: OfferRanks,
): JSX.Element | undefined {
  if (spreads.length === 0) return undefined;
  const isDrawn = expectedValue !== undefined && figures.predictionCells.length > 0;
  return section(
    'predictions',
    'What the models predict',
    isDrawn && planeFigure(spreads, expectedValue, figures, ranks),
    table('How the predictions are spread', SPREAD_TABLE, spreads),
  );
}

/** Where members lie by the two predictions that are multiplied. */
function planeFigure(
  spreads: readonly SpreadRow[],
  multiplied: ExpectedValue,
  { summary: { boundaries }, predictionCells: cells }: RunFigures,
  ranks: OfferRanks,
): JSX.Element {
  const described = spreads.map(({ sentence }) => sentence).join('; ');
  const crossing = drawnBoundaries(boundaries).map(
    (middle) => `Offers change at ${multiplied.formula} = ${formatValue(middle)}. `,
  );
  const offers = ranks.ranked.map(({ name, members }) => `${name}: ${counted(members, 'member')}`).join('; ');
  return figure(
    plainText(`Scatter chart of the predictions by offer. ${described}. ${crossing.join('')}${offers}.`),
    'Each symbol stands for members with the same offer and nearly the same predictions; the larger, the more members. Both axes are stretched near zero, where members crowd.',
    (width) => predictionsChart(cells, { boundaries, ranks, multiplied }, width),
    legend(legendEntries(ranks, drawnBoundaries(boundaries), multiplied)),
  );
}

const SPREAD_TABLE: TableColumn<SpreadRow>[] = [
  { name: 'Prediction', cell: ({ name }) => plainText(name) },
  ...SPREAD_COLUMNS.map((name, index) => ({ name, numeric: true, cell: ({ texts }: SpreadRow) => texts[index] })),
];

function legendEntries({ ranked }: OfferRanks, middles: readonly number[], { formula }: ExpectedValue): LegendEntry[] {
  const name = `boundary, ${formula} = ${middles.map(formatValue).join(', ')}`;
  const boundary: LegendEntry = { name, colour: 'var(--text)', shape: 'dashes' };
  return [
    ...ranked.map((offer) => ({ ...offer, name: `${offer.name} (${formatCount(offer.members)})` })),
    ...(middles.length > 0 ? [boundary] : []),
  ];
}
