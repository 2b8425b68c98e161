const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const FRACTIONS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });

/** What the estimate of a run's cost leaves out, in words for readers of the report. */
export const NOT_IN_ESTIMATES =
  'Not included: the requests that store this estimate and later ones, cold starts, failed attempts, logs, storage and your endpoints.';

/** From this amount on, whole cents are precise enough. It is less than 0.10 because 0.0995 rounds to 0.10. */
const IN_CENTS = 0.0995;
const SMALLEST = 0.000001;

/** An amount for people, in whole cents or with two significant digits: `$12.30`, `$0.042`, `$0.0011`. */
export function formatUsd(usd: number): string {
  if (usd === 0 || usd >= IN_CENTS) return DOLLARS.format(usd);
  return usd < SMALLEST ? `<$${SMALLEST}` : FRACTIONS.format(usd);
}

/** An estimate for people: `about $0.042`, or `at least $0.042` when it leaves out invocations. */
export function estimatedUsd({ usd, isLowerBound }: { usd: number; isLowerBound: boolean }): string {
  return `${isLowerBound ? 'at least' : 'about'} ${formatUsd(usd)}`;
}
