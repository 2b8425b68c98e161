import { EXPECTED, type Expected, rangeSchema } from '../lib/report/figures/expectations.ts';
import { optional, parseEnvironment } from './environment.ts';

const variables = { EXPECTED_ATS: optional(rangeSchema), EXPECTED_RESP: optional(rangeSchema) };

/**
 * What is expected of predictions: as the environment says, or as it is without.
 * @throws EnvironmentError that names what cannot be used
 */
export function readExpected(environment = process.env): Expected {
  const { EXPECTED_ATS: ats = EXPECTED.ats, EXPECTED_RESP: resp = EXPECTED.resp } = parseEnvironment(
    variables,
    environment,
  );
  return { ats, resp };
}
