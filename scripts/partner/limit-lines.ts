import { type CallLimits, type CallsDefinition, LIMITS } from '../../lib/partners/definition.ts';
import { OFFER } from '../../lib/partners/labels.ts';

/** What counts for what a partner file does not say. */
const SETTINGS: Record<keyof CallLimits, string> = {
  concurrency: 'CONCURRENCY',
  requestsPerSecond: 'REQUESTS_PER_SECOND',
  timeoutMs: 'TIMEOUT_MS',
  attempts: 'MAX_ATTEMPTS',
};

/** What limits count for each call of a partner that has some of its own, a line each. */
export function limitLines({ models, offer }: CallsDefinition): string[] {
  const calls = Object.entries<CallLimits>({ ...models, ...(offer && { [OFFER]: offer }) });
  const limited = calls.filter(([, limits]) => LIMITS.some((key) => limits[key] !== undefined));
  return limited.map(([call, limits]) => `  ${call}: ${LIMITS.map((key) => limitText(key, limits)).join(', ')}`);
}

function limitText(key: keyof CallLimits, limits: CallLimits): string {
  return `${key} ${limits[key] ?? `by ${SETTINGS[key]}`}`;
}
