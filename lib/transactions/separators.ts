/** What may stand between the fields of a row, and what messages call it. A comma comes first: it wins ties. */
const NAMES: ReadonlyMap<string, string> = new Map([
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'pipe'],
]);

/** One ASCII character: one of `SEPARATORS`, or what a partner file says. */
export type Separator = string;

/** Those that are tried. */
export const SEPARATORS: readonly Separator[] = [...NAMES.keys()];

export function separatorName(separator: Separator): string {
  return NAMES.get(separator) ?? JSON.stringify(separator);
}
