import { callsOf } from '../lib/calls.ts';
import { FIRST_DEFINITION } from '../lib/partners/first-definition.ts';
import { mapNames } from '../lib/registry.ts';
import { type ExpectedSettings, rangeSchema } from '../lib/report/figures/expectations.ts';
import { optional, parseEnvironment } from './environment.ts';

const names = callsOf(FIRST_DEFINITION).models.flatMap(({ expectedVariable }) => expectedVariable ?? []);
const variables = mapNames(names, () => optional(rangeSchema));

/**
 * What the environment says is expected of predictions, by variable.
 * @throws EnvironmentError that names what cannot be used
 */
export function readExpected(environment = process.env): ExpectedSettings {
  return parseEnvironment(variables, environment);
}
