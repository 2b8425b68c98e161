const MINUS = '\u2212';
const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
/** Beyond these digits would be lost or of no use, so the number is written with an exponent. */
const MIN_GROUPED = 1e-4;
const MAX_GROUPED = 1e15;

/** A number in full precision with a plain sign, to be searched for or pasted. */
export function exact(value: number): string {
  return String(value);
}

/** A number as a term of a sum: in full precision, in groups of three digits, without its sign. */
export function magnitude(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < MIN_GROUPED || size > MAX_GROUPED)) return String(size);
  return GROUPED.format(size);
}

/** The same with its sign. */
export function signed(value: number): string {
  return value < 0 ? `${MINUS}${magnitude(value)}` : magnitude(value);
}

/** A term as it follows another: ` + 500`, ` − 300`. */
export function addend(value: number): string {
  return ` ${value < 0 ? MINUS : '+'} ${magnitude(value)}`;
}
