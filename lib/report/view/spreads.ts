import type { Model } from '../../calls.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
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

export function spreadRows(summary: Summary): SpreadRow[] {
  return shownCallsOf(summary).models.flatMap((model) => {
    const spread = summary.predictions?.[model.name];
    return spread === undefined ? [] : [rowOf(spread, model)];
  });
}

function rowOf({ min, lowerQuartile, median, upperQuartile, max }: Spread, { label, title, format }: Model): SpreadRow {
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
