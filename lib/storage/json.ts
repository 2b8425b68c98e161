/** A number that JSON cannot hold. It is the program's own doing: what comes from outside is checked where it enters. */
export class NotFiniteError extends Error {
  override name = 'NotFiniteError';
}

/**
 * A value as JSON that can be read back as it is; of a zero the sign is lost.
 *
 * @throws NotFiniteError for an infinity or NaN, of which `JSON.stringify` makes null: no reader would take that
 */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value);
  // A look at the whole text takes far less time than one at each of its numbers.
  if (text.includes('null')) JSON.stringify(value, assertFinite);
  return text;
}

function assertFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new NotFiniteError(`${key} is ${value}, which JSON cannot hold`);
}
