import { PREDICTION_DEFINITION, PREDICTIONS } from '../../calls.ts';
import type { Spread, Summary } from '../../run/summary.ts';
import { formatPrediction } from './numbers.ts';

/** The names of a distribution's values, in order. */
export const SPREAD_COLUMNS = ['Lowest', 'Lower quartile', 'Median', 'Upper quartile', 'Highest'] as const;

/** The distribution of one model's predictions. */
export interface SpreadRow {
  name: string;
  values: readonly number[];
  texts: readonly string[];
  /** The distribution in words. */
  sentence: string;
  /** Excel's number format. */
  format: string;
}

export function spreadRows({ predictions = {} }: Summary): SpreadRow[] {
  return PREDICTIONS.flatMap((prediction) => {
    const spread = predictions[prediction];
    return spread === undefined ? [] : [rowOf(spread, PREDICTION_DEFINITION[prediction])];
  });
}

function rowOf(
  { min, lowerQuartile, median, upperQuartile, max }: Spread,
  { label, title, format }: { label: string; title: string; format: string },
): SpreadRow {
  const values = [min, lowerQuartile, median, upperQuartile, max];
  const [lowest, , half, , highest] = values.map(formatPrediction);
  return {
    name: `${label}, ${title}`,
    values,
    texts: values.map(formatPrediction),
    sentence: `${label}, ${title}: from ${lowest} to ${highest}, half of the members up to ${half}`,
    format,
  };
}
