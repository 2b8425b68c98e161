import type { JSX } from 'preact';
import { PREDICTION_DEFINITION, PREDICTIONS } from '../../../calls.ts';
import type { Spread } from '../../../run/summary.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import { counted, formatCount, formatPrediction, formatValue } from '../../view/numbers.ts';
import type { OfferRanks } from '../charts/offer-ranks.ts';
import { drawnBoundaries, predictionsChart } from '../charts/predictions-chart.ts';
import { figure, type LegendEntry, legend, section, table } from '../elements/markup.ts';

/** What the models predict for whom; nothing when nobody was scored. */
export function predictionsSection(figures: RunFigures, ranks: OfferRanks): JSX.Element | undefined {
  const { summary, predictionCells: cells } = figures;
  const { predictions, boundaries } = summary;
  if (predictions === undefined || cells.length === 0) return undefined;
  const rows = PREDICTIONS.flatMap((prediction) => {
    const { label, title } = PREDICTION_DEFINITION[prediction];
    const spread = predictions[prediction];
    return spread === undefined ? [] : [{ name: `${label}, ${title}`, spread }];
  });
  const described = rows.map(({ name, spread }) => `${name}: ${inWords(spread)}`).join('; ');
  const crossing = drawnBoundaries(boundaries).map(
    (middle) => `Offers change at ATS × RESP = ${formatValue(middle)}. `,
  );
  const offers = ranks.ranked.map(({ name, members }) => `${name}: ${counted(members, 'member')}`).join('; ');
  return section(
    'predictions',
    'What the models predict',
    figure(
      `Scatter chart of ATS against RESP by offer. ${described}. ${crossing.join('')}${offers}.`,
      'Each symbol stands for members with the same offer and nearly the same predictions; the larger, the more members. Both axes are stretched near zero, where members crowd.',
      (width) => predictionsChart(cells, boundaries, ranks, width),
      legend(legendEntries(ranks, drawnBoundaries(boundaries))),
    ),
    table('How the predictions are spread', SPREAD_COLUMNS, rows),
  );
}

const SPREAD_COLUMNS = [
  { name: 'Prediction', cell: ({ name }: SpreadRow) => name },
  { name: 'Lowest', numeric: true, cell: ({ spread }: SpreadRow) => formatPrediction(spread.min) },
  { name: 'Lower quartile', numeric: true, cell: ({ spread }: SpreadRow) => formatPrediction(spread.lowerQuartile) },
  { name: 'Median', numeric: true, cell: ({ spread }: SpreadRow) => formatPrediction(spread.median) },
  { name: 'Upper quartile', numeric: true, cell: ({ spread }: SpreadRow) => formatPrediction(spread.upperQuartile) },
  { name: 'Highest', numeric: true, cell: ({ spread }: SpreadRow) => formatPrediction(spread.max) },
];

interface SpreadRow {
  name: string;
  spread: Spread;
}

function inWords({ min, median, max }: Spread): string {
  return `from ${formatPrediction(min)} to ${formatPrediction(max)}, half of the members up to ${formatPrediction(median)}`;
}

function legendEntries({ ranked }: OfferRanks, middles: readonly number[]): LegendEntry[] {
  const values = middles.map(formatValue).join(', ');
  const boundary: LegendEntry = { name: `boundary, ATS × RESP = ${values}`, colour: 'var(--text)', shape: 'dashes' };
  return [
    ...ranked.map(({ name, members, colour, shape }) => ({ name: `${name} (${formatCount(members)})`, colour, shape })),
    ...(middles.length > 0 ? [boundary] : []),
  ];
}
