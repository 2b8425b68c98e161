import { extent, ticks } from 'd3-array';
import { formatDuration } from '../../../timing/duration.ts';
import { signedRoot } from '../../figures/predictions.ts';
import { formatShortValue } from '../../view/numbers.ts';
import type { AxisScale } from './chart.ts';

/** Room beyond the outermost values, as a share of the distance between them. */
const PADDING = 0.05;

/** Round numbers within a factor of ten. */
const ROUND_STEPS = [1, 2, 5, 10];

/** The smallest distance between labels, as a share of their distance if they were spread evenly. */
const MIN_ROOM = 0.6;

const FEWEST_TICKS = 3;

/** A shorter range cannot be divided into ticks: near the smallest number there are no further numbers between. */
const MIN_RANGE = 1e-300;

/** A scale that places values by their signed square root. */
export interface RootScale extends AxisScale {
  /** The least and the greatest value, as signed roots. */
  min: number;
  max: number;
}

/** Makes a scale that places values by their signed square root. */
export function rootScale(values: readonly number[], wanted: number): RootScale {
  const [lowest = 0, highest = 0] = extent(values, signedRoot);
  const padding = (highest - lowest || Math.abs(highest) || 1 / PADDING) * PADDING;
  const [min, max] = [lowest - padding, highest + padding];
  const place = (value: number) => (signedRoot(value) - min) / (max - min);
  const round = new Set(ticks(min, max, wanted).map((root) => roundValue(squared(root))));
  const spread = spaced([...round].map(labelled(place, formatShortValue)), wanted);
  // A short range contains few round values. Even ticks serve there, because the scale is nearly even, too.
  const even = evenTicks(squared(min), squared(max), wanted).map(labelled(place, formatShortValue));
  const chosen = spread.length >= FEWEST_TICKS ? spread : spaced(even, wanted);
  const zero = place(0);
  return { min, max, place, ticks: chosen.filter(({ at }) => lowest < 0 || at >= zero) };
}

/** Makes a scale that places durations by their logarithm: each factor of ten has the same width. */
export function logScale(fromMs: number, toMs: number, mostTicks: number): AxisScale {
  const [min, max] = [Math.log10(fromMs), Math.log10(toMs)];
  const place = (ms: number) => (Math.log10(ms) - min) / (max - min);
  const decades = Array.from({ length: Math.ceil(max) - Math.floor(min) + 1 }, (_, index) => Math.floor(min) + index);
  const candidates = [[1, 2, 5], [1, 3], [1]].map((steps) =>
    decades.flatMap((decade) => steps.map((step) => step * 10 ** decade)).filter((ms) => ms >= fromMs && ms <= toMs),
  );
  const chosen = candidates.find(({ length }) => length <= mostTicks) ?? candidates.at(-1) ?? [];
  return { place, ticks: chosen.map(labelled(place, formatDuration)) };
}

/** Makes a linear scale of durations that begins at zero. */
export function durationScale(toMs: number, wanted: number): AxisScale {
  const max = toMs > 0 ? toMs : 1;
  const place = (ms: number) => ms / max;
  return { place, ticks: ticks(0, max, wanted).map(labelled(place, formatDuration)) };
}

/** Makes a linear scale of counts that begins at zero. */
export function countScale(most: number, wanted: number): AxisScale {
  const max = Math.max(1, most) * (1 + PADDING);
  const place = (count: number) => count / max;
  return { place, ticks: ticks(0, max, wanted).filter(Number.isInteger).map(labelled(place, formatShortValue)) };
}

function labelled(place: (value: number) => number, format: (value: number) => string) {
  return (value: number) => ({ at: place(value), label: format(value) });
}

/** The inverse of `signedRoot`, limited to the largest number. */
function squared(root: number): number {
  return Math.sign(root) * Math.min(Number.MAX_VALUE, root * root);
}

/** Even ticks between two numbers; none when the range is too long or too short to be divided. */
function evenTicks(from: number, to: number, wanted: number): number[] {
  return to - from >= MIN_RANGE && to - from <= Number.MAX_VALUE ? ticks(from, to, wanted) : [];
}

/** The nearest round number: 1, 2 or 5 times a power of ten. */
function roundValue(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const leading = Math.abs(value) / power;
  const nearest = ROUND_STEPS.reduce((best, step) =>
    Math.abs(step - leading) < Math.abs(best - leading) ? step : best,
  );
  return Math.sign(value) * nearest * power;
}

/** The candidates that are on the scale and leave room for each other's labels. */
function spaced(candidates: AxisScale['ticks'], wanted: number): AxisScale['ticks'] {
  const kept: { at: number; label: string }[] = [];
  for (const tick of candidates) {
    const previous = kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (tick.at >= 0 && tick.at <= 1 && tick.at - previous >= MIN_ROOM / wanted) kept.push(tick);
  }
  return kept;
}
