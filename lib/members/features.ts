import { mapNames, namesIn } from '../registry.ts';
import { daysSinceLast, type Feature, mean, recentMean, share } from './feature-kinds.ts';

/** The features, in the order in which requests and reports list them. Adding one: CONTRIBUTING.md. */
const DEFINITIONS = {
  AVG_POINTS_BOUGHT: mean('points'),
  AVG_REVENUE_USD: mean('revenueUsd'),
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: recentMean('points'),
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: recentMean('revenueUsd'),
  PCT_BUY_TRANSACTIONS: share('buy'),
  PCT_GIFT_TRANSACTIONS: share('gift'),
  PCT_REDEEM_TRANSACTIONS: share('redeem'),
  DAYS_SINCE_LAST_TRANSACTION: daysSinceLast(),
};

/** One member's features by name, in the run's order, unrounded. */
export type Features = Record<string, number>;

export type FeatureName = keyof typeof DEFINITIONS;

export const FEATURES: Readonly<Record<FeatureName, Feature>> = DEFINITIONS;
export const FEATURE_NAMES = namesIn(FEATURES);

/** A run was begun by a version of the service that has other features. */
export class UnknownFeatureError extends Error {
  override name = 'UnknownFeatureError';
}

/**
 * Features by the names that a run has them by.
 * @throws UnknownFeatureError when this version of the service lacks one
 */
export function featuresNamed(names: readonly string[]): Record<string, Feature> {
  return mapNames(names, (name) => {
    const feature = featureNamed(name);
    if (feature !== undefined) return feature;
    throw new UnknownFeatureError(
      `the run has a feature ${name}, which this version of the service does not know: deploy the one that began it, or drop the file again`,
    );
  });
}

/** A feature by a name that comes from a run; undefined when this version of the service does not have it. */
export function featureNamed(name: string): Feature | undefined {
  return FEATURE_NAMES.some((known) => known === name) ? DEFINITIONS_BY_NAME[name] : undefined;
}

const DEFINITIONS_BY_NAME: Readonly<Record<string, Feature>> = DEFINITIONS;
