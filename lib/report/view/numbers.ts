import { formatCount } from '../../counted.ts';

const RATES = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, maximumFractionDigits: 1 });
const MEANS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const SHARES = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const MIN_DIGITS = 6;
const VALUES = new Intl.NumberFormat('en-US', { maximumSignificantDigits: MIN_DIGITS, signDisplay: 'negative' });
const PREDICTIONS = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 4,
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
  signDisplay: 'negative',
});
const SHORT_VALUES = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 3,
  notation: 'compact',
  signDisplay: 'negative',
});
const EXTREME_VALUES = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4, notation: 'scientific' });
const FINE_MS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** From here on, a number has too many digits to read at a glance. */
const HUGE = 1e9;
const HUGE_SHORT = 1e15;

/** A number nearer to zero than this has too many zeros. */
const TINY = 1e-9;
const TINY_SHORT = 1e-6;

const MIN_SHARE = 0.001;
const MIN_PREDICTION = 0.0001;

/** @param share 0 to 1 */
export function formatShare(share: number): string {
  return share > 0 && share < MIN_SHARE ? '<0.1%' : SHARES.format(share);
}

/** A part of a whole, 0 to 1; 0 of nothing. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** A prediction in a table of many: four digits are enough. */
export function formatPrediction(value: number): string {
  if (value > 0 && value < MIN_PREDICTION) return `<${MIN_PREDICTION}`;
  if (value < 0 && value > -MIN_PREDICTION) return `>-${MIN_PREDICTION}`;
  return Math.abs(value) >= HUGE ? EXTREME_VALUES.format(value) : PREDICTIONS.format(value);
}

/** An expected value, as precise as a boundary needs it. */
export function formatValue(value: number): string {
  return `${isExtreme(value) ? EXTREME_VALUES.format(value) : VALUES.format(value)}${beyond(value)}`;
}

/** With so many digits, any two different numbers look different. */
const MAX_DIGITS = 17;

/** Two expected values, with enough digits to show that they differ. */
export function formatApart(one: number, other: number): [string, string] {
  let texts: [string, string] = [formatValue(one), formatValue(other)];
  for (let digits = MIN_DIGITS; texts[0] === texts[1] && one !== other && digits <= MAX_DIGITS; digits++) {
    texts = [withDigits(one, digits), withDigits(other, digits)];
  }
  return texts;
}

function withDigits(value: number, maximumSignificantDigits: number): string {
  const notation = isExtreme(value) ? 'scientific' : 'standard';
  const format = new Intl.NumberFormat('en-US', { maximumSignificantDigits, notation, signDisplay: 'negative' });
  return `${format.format(value)}${beyond(value)}`;
}

/** Whether a value has too many digits to read at a glance, before or after the decimal point. */
export function isExtreme(value: number, [tiny, huge] = [TINY, HUGE]): boolean {
  return Math.abs(value) >= huge || (value !== 0 && Math.abs(value) < tiny);
}

/** The words after an expected value that also stands for all values beyond it; empty for any other value. */
export function beyond(value: number): string {
  if (Math.abs(value) !== Number.MAX_VALUE) return '';
  return value > 0 ? ' or more' : ' or less';
}

/** An expected value, as short as the label of an axis has to be. */
export function formatShortValue(value: number): string {
  return isExtreme(value, [TINY_SHORT, HUGE_SHORT]) ? EXTREME_VALUES.format(value) : SHORT_VALUES.format(value);
}

export function formatRate(perSecond: number): string {
  return perSecond >= 100 ? formatCount(perSecond) : RATES.format(perSecond);
}

/** How many of something there are on average. */
export function formatMean(value: number): string {
  return value >= 100 ? formatCount(value) : MEANS.format(value);
}

/** Milliseconds without their unit, for a column whose heading names it. */
export function formatMs(ms: number): string {
  return ms >= 1000 ? formatCount(ms) : FINE_MS.format(ms);
}

/** A time as UTC to the second: `2024-01-31 10:15:02 UTC`. */
export function formatInstant(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
