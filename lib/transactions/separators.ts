/** What may stand between the fields of a row, and what messages call it. A comma comes first: it wins ties. */
const NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' } as const;

export type Separator = keyof typeof NAMES;

export const SEPARATORS: readonly Separator[] = [',', ';', '\t', '|'];

export function separatorName(separator: Separator): string {
  return NAMES[separator];
}
