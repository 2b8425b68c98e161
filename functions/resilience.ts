import * as z from 'zod';
import { DEFAULT_RESILIENCE, type Resilience } from '../lib/endpoints/resilience.ts';
import { optional, parseEnvironment } from './environment.ts';

const count = optional(z.coerce.number().int().positive());
const milliseconds = optional(z.coerce.number().int().nonnegative());

const variables = {
  TIMEOUT_MS: count,
  MAX_ATTEMPTS: count,
  RETRY_DELAY_MS: milliseconds,
  PROBE_AFTER_MS: milliseconds,
  MAX_OUTAGE_MS: milliseconds,
  /** The old name of `MAX_OUTAGE_MS`. */
  PATIENCE_MS: milliseconds,
};

/**
 * How calls are tried again: from the environment, or the default.
 * @throws EnvironmentError that names what cannot be used
 */
export function readResilience(environment = process.env): Resilience {
  const settings = parseEnvironment(variables, environment);
  return {
    ...DEFAULT_RESILIENCE,
    timeoutMs: settings.TIMEOUT_MS ?? DEFAULT_RESILIENCE.timeoutMs,
    attempts: settings.MAX_ATTEMPTS ?? DEFAULT_RESILIENCE.attempts,
    baseDelayMs: settings.RETRY_DELAY_MS ?? DEFAULT_RESILIENCE.baseDelayMs,
    probeAfterMs: settings.PROBE_AFTER_MS ?? DEFAULT_RESILIENCE.probeAfterMs,
    maxOutageMs: settings.MAX_OUTAGE_MS ?? settings.PATIENCE_MS ?? DEFAULT_RESILIENCE.maxOutageMs,
  };
}
