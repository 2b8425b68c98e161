const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const FRACTIONS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });

/** What estimates of a run's cost do not hold, as readers of a report are told it. */
export const NOT_IN_ESTIMATES =
  'Not in it: the requests that store it and those after them, cold starts, attempts that died, logs, storage and your endpoints.';

/** From here on, cents tell enough: what is less, but rounds to ten, is among it. */
const IN_CENTS = 0.0995;
const SMALLEST = 0.000001;

/** An amount as people read it, in cents or with two digits that tell something: `$12.30`, `$0.042`, `$0.0011`. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= IN_CENTS) return DOLLARS.format(usd);
  return usd < SMALLEST ? `<$${SMALLEST}` : FRACTIONS.format(usd);
}

/** The same of an estimate, which may leave something out. */
export function estimatedUsd({ usd, isLowerBound }: { usd: number; isLowerBound: boolean }): string {
  return `${isLowerBound ? 'at least' : 'about'} ${formatUsd(usd)}`;
}
