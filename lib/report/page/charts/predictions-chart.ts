import type { CustomSeriesOption } from 'echarts/charts';
import type { ExpectedValue } from '../../../calls.ts';
import type { Boundary } from '../../../run/summary.ts';
import { middleOf } from '../../figures/expected-value.ts';
import type { PredictionCell } from '../../figures/predictions.ts';
import { plainText } from '../../view/plain-text.ts';
import { BACKGROUND_COLOUR, chartText, type Drawing, TEXT_COLOUR, valueAxis, type Width } from './chart.ts';
import type { OfferRanks, RankedOffer } from './offer-ranks.ts';
import { linePath, type Point, pathSeries } from './path-series.ts';
import { type RootScale, rootScale } from './scales.ts';
import { symbolPath } from './symbols.ts';

const HEIGHTS: Record<Width, number> = { wide: 400, narrow: 320 };
const TICKS: Record<Width, { across: number; up: number }> = {
  wide: { across: 9, up: 7 },
  narrow: { across: 4, up: 6 },
};

/** Pixels. */
const RADII: Record<Width, { least: number; most: number }> = {
  wide: { least: 2, most: 9 },
  narrow: { least: 1.6, most: 6 },
};

/** Neighbours with the same offer are merged until a chart has about so many symbols. */
const MAX_SYMBOLS: Record<Width, number> = { wide: 1600, narrow: 800 };
/** Each offer may have so many symbols in any case. */
const MIN_SYMBOLS = 300;
const MERGING_STEPS = [1, 4, 6, 8, 12, 16, 24, 40];

const CURVE_POINTS = 80;

/** Members at a point: on the scales from 0 to 1, or in pixels. */
interface Dot extends Point {
  members: number;
}

/** Characters of an axis' name that there is room for. */
const AXIS_NAME_LENGTHS: Record<Width, number> = { wide: 60, narrow: 40 };

/** What is drawn besides members: where offers change, how each looks, and what the axes are. */
export interface Plane {
  boundaries: readonly Boundary[];
  ranks: OfferRanks;
  multiplied: ExpectedValue;
}

/** Where members lie in the plane of predictions, and the boundaries between their offers. */
export function predictionsChart(
  cells: readonly PredictionCell[],
  { boundaries, ranks, multiplied }: Plane,
  width: Width,
): Drawing {
  const across = rootScale(
    cells.map((cell) => cell.across),
    TICKS[width].across,
  );
  const up = rootScale(
    cells.map((cell) => cell.up),
    TICKS[width].up,
  );
  const [acrossName, upName] = multiplied.factors.map(({ label, title }) =>
    chartText(plainText(`${label}, predicted ${title}`, AXIS_NAME_LENGTHS[width])),
  );
  const placed = Map.groupBy(cells, ({ offer }) => ranks.of(offer));
  const dotsOf = (offer: RankedOffer) =>
    (placed.get(offer) ?? []).map((cell) => ({
      x: across.place(cell.across),
      y: up.place(cell.up),
      members: cell.members,
    }));
  const radius = radiusOf(cells, width);
  const most = Math.max(MIN_SYMBOLS, MAX_SYMBOLS[width] / ranks.ranked.length);
  return {
    height: HEIGHTS[width],
    option: {
      grid: { left: 52, right: 20, top: 10, bottom: 44 },
      xAxis: valueAxis(across, acrossName),
      yAxis: { ...valueAxis(up, upName), nameGap: 36 },
      series: [
        // The offers of fewest members are on top. The others together are at the bottom, or they would hide the named.
        ...ranks.ranked.toSorted(othersFirst).map((offer) => dotSeries(offer, dotsOf(offer), { radius, most })),
        ...drawnBoundaries(boundaries).map((middle) => boundarySeries(middle, across, up)),
      ],
    },
  };
}

function othersFirst(one: RankedOffer, other: RankedOffer): number {
  return Number(one.named) - Number(other.named);
}

/** The expected values at which offers change. Overlapping offers do not change at one value, so they have no curve. */
export function drawnBoundaries(boundaries: readonly Boundary[]): number[] {
  return boundaries
    .filter(({ overlapping }) => overlapping === 0)
    .map(({ highestBelow, lowestAbove }) => middleOf(highestBelow, lowestAbove))
    .filter((middle) => middle > 0);
}

/** A symbol's area grows with its members. */
function radiusOf(cells: readonly PredictionCell[], width: Width): (members: number) => number {
  const largest = cells.reduce((most, { members }) => Math.max(most, members), 1);
  const { least, most } = RADII[width];
  // In a run of few members most cells have one member. Their symbols should not be as large as those of many members.
  const largestRadius = Math.min(most, least + 1.2 * Math.sqrt(largest));
  return (members) => Math.min(largestRadius, Math.max(least, largestRadius * Math.sqrt(members / largest)));
}

function dotSeries(
  { colour, shape }: RankedOffer,
  dots: readonly Dot[],
  { radius, most }: { radius: (members: number) => number; most: number },
): CustomSeriesOption {
  const draw = (pixels: readonly Dot[]) =>
    mergedDots(pixels, most)
      .map(({ x, y, members }) => symbolPath(shape, x, y, radius(members)))
      .join('');
  return pathSeries(dots, draw, { fill: colour, fillOpacity: 0.75, stroke: BACKGROUND_COLOUR, lineWidth: 0.6 });
}

/** The dots, the largest first. When there are very many, neighbours are merged. */
function mergedDots(dots: readonly Dot[], most: number): Dot[] {
  let merged: Dot[] = [...dots];
  for (const step of MERGING_STEPS) {
    if (merged.length <= most) break;
    merged = [...Map.groupBy(dots, ({ x, y }) => `${Math.floor(x / step)} ${Math.floor(y / step)}`).values()].map(
      centre,
    );
  }
  return merged.toSorted((a, b) => b.members - a.members);
}

function centre(dots: readonly Dot[]): Dot {
  const members = dots.reduce((sum, dot) => sum + dot.members, 0);
  const mean = (of: (dot: Dot) => number) => dots.reduce((sum, dot) => sum + of(dot) * (dot.members / members), 0);
  return { x: mean(({ x }) => x), y: mean(({ y }) => y), members };
}

/** The curve on which the product is constant: a hyperbola, also on the scale of square roots. */
function boundarySeries(middle: number, across: RootScale, up: RootScale): CustomSeriesOption {
  const root = Math.sqrt(middle);
  const from = Math.max(across.min, up.max > 0 ? root / up.max : Number.POSITIVE_INFINITY);
  const to = up.min > 0 ? Math.min(across.max, root / up.min) : across.max;
  const points = from > 0 && from < to ? CURVE_POINTS : 0;
  const curve = Array.from({ length: points }, (_, point): Point => {
    const share = point / (CURVE_POINTS - 1);
    const x = from ** (1 - share) * to ** share;
    return { x: (x - across.min) / (across.max - across.min), y: (root / x - up.min) / (up.max - up.min) };
  });
  return pathSeries(curve, linePath, { stroke: TEXT_COLOUR, lineWidth: 1.5, lineDash: [6, 4] });
}
