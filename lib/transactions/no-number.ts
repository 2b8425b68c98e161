export const NOT_A_NUMBER = 'is not a number';

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';

/**
 * What cells look like that are no numbers, as the end of a sentence. The texts name no cell, so that rows with the same
 * problem are counted together.
 */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/^#(?:DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|WERT!|BEZUG!|ZAHL!)$/i, ': it is an error of a spreadsheet'],
  [/^#+$/, ': the column was too narrow when the file was saved'],
  [/^[-+]?0x[\da-f]+$/i, ': it looks like a hexadecimal number'],
  ...[
    /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4}))(?:[ T].*)?$/,
    new RegExp(`^\\d{1,2}[- ./]${MONTH}(?:[- ./]\\d{2,4})?$`, 'i'),
    new RegExp(`^${MONTH}[- ./]\\d{1,4}$`, 'i'),
  ].map((pattern) => [pattern, ': it looks like a date, which a spreadsheet may have made of a number'] as const),
  [/\d[.,]?\s*(?:CR|DR)\.?$/i, ': CR and DR are not read, because it is not known which one is negative'],
  [/\d[.,]?\s*[HS]$/, ': H and S are not read, because it is not known which one is negative'],
  [/\d[.,]?\s*(?:k|m|mn|mio|bn|mrd)\.?$/i, ': letters such as k and M for thousands and millions are not read'],
  [/^[-+]?[\d.,\s]*\d\s*\p{L}[\p{L}\s./]*$/u, ': what stands beside it is no currency, and units are not read'],
  [
    /^(?:[^\p{L}\p{N}\p{Sc}%]+|n\/?a\b.*|null|nil|none|nan|unknown|missing|empty|blank)$/iu,
    '; where it stands for nothing, add it to missingValues',
  ],
];

/** No number is as long, and looking at it would take long. */
const MAX_LENGTH = 100;

/** Why a cell is no number in any form, as the end of a sentence. */
export function noNumber(cell: string): string {
  return `${NOT_A_NUMBER}${looksOf(cell)}`;
}

/** What a cell looks like that is no number; empty where that is not known. */
export function looksOf(cell: string): string {
  if (cell.length > MAX_LENGTH) return '';
  return LOOKS.find(([pattern]) => pattern.test(cell))?.[1] ?? '';
}
