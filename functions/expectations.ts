import { EXPECTED_VARIABLES, mapPredictions, PREDICTION_DEFINITION } from '../lib/calls.ts';
import { mapNames } from '../lib/registry.ts';
import { EXPECTED, type Expected, rangeSchema } from '../lib/report/figures/expectations.ts';
import { optional, parseEnvironment } from './environment.ts';

const variables = mapNames(EXPECTED_VARIABLES, () => optional(rangeSchema));

/**
 * The expected ranges of the predictions: from the environment, or the default.
 * @throws EnvironmentError that names what cannot be used
 */
export function readExpected(environment = process.env): Expected {
  const settings = parseEnvironment(variables, environment);
  return mapPredictions(
    (prediction) => settings[PREDICTION_DEFINITION[prediction].expectedVariable] ?? EXPECTED[prediction],
  );
}
