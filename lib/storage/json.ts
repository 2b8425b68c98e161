/** A number that JSON cannot hold. This is an error of the program: input is checked where it enters. */
export class NotFiniteError extends Error {
  override name = 'NotFiniteError';
}

/**
 * A value as JSON that can be read back unchanged, except that -0 becomes 0.
 *
 * @throws NotFiniteError for an infinity or NaN: `JSON.stringify` would write null, which no schema accepts
 */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value);
  // A search of the whole text takes far less time than a check of each number.
  if (text.includes('null')) JSON.stringify(value, assertFinite);
  return text;
}

function assertFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new NotFiniteError(`${key} is ${value}, which JSON cannot hold`);
}
