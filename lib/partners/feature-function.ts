import type { FeatureDefinition } from './definition.ts';

/** What a feature may be; each has one. */
export const FUNCTIONS = ['count', 'sum', 'mean', 'min', 'max', 'share', 'daysSinceFirst', 'daysSinceLast'] as const;

export type FeatureFunction = (typeof FUNCTIONS)[number];

/** The functions that a feature names, which should be one. */
export function functionsOf(feature: FeatureDefinition): FeatureFunction[] {
  return FUNCTIONS.filter((own) => feature[own] !== undefined);
}

/** The function of a feature that has been checked. */
export function functionOf(feature: FeatureDefinition): FeatureFunction {
  const [own] = functionsOf(feature);
  if (own === undefined) throw new TypeError('a feature has no function');
  return own;
}

/** Excel's number format of each that a file can name. */
const FORMATS = { decimal: '#,##0.00', whole: '#,##0', percent: '0.0%' } as const;

const USUAL_FORMATS: Record<FeatureFunction, keyof typeof FORMATS> = {
  count: 'whole',
  sum: 'decimal',
  mean: 'decimal',
  min: 'decimal',
  max: 'decimal',
  share: 'percent',
  daysSinceFirst: 'whole',
  daysSinceLast: 'whole',
};

/** How a feature is shown: Excel's number format. */
export function excelFormatOf(feature: FeatureDefinition): string {
  return FORMATS[feature.format ?? USUAL_FORMATS[functionOf(feature)]];
}

/** What stands behind a feature's values, when that is not clear. */
export function unitOf(feature: FeatureDefinition): string | undefined {
  const isDays = feature.daysSinceFirst !== undefined || feature.daysSinceLast !== undefined;
  return feature.unit ?? (isDays ? 'days' : undefined);
}
