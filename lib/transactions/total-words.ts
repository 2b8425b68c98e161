/** What stands in place of a member in a line of totals, without case and punctuation. */
const TOTAL_WORDS: readonly string[] = [
  ['total', 'totals', 'grand total', 'subtotal', 'sub total', 'overall total', 'sum', 'overall'],
  ['summe', 'gesamt', 'gesamtsumme', 'zwischensumme', 'insgesamt'],
  ['somme', 'total général', 'total general', 'sous total', 'totale', 'totale complessivo', 'somma'],
  [
    'suma',
    'suma total',
    'gran total',
    'total geral',
    'soma',
    'totaal',
    'eindtotaal',
    'łącznie',
    'итого',
    '合計',
    '总计',
  ],
].flat();

/** The same of other figures. Some of them are names, too. */
const FIGURE_WORDS: readonly string[] = [
  ['average', 'avg', 'count', 'min', 'max'],
  ['mittelwert', 'durchschnitt', 'moyenne', 'media', 'promedio'],
].flat();

/** How SAP marks its totals and subtotals, with the currency of the amount or without. */
const STARS = /^\*+\s*(?:[A-Z]{3}|\p{Sc})?$/u;

type TotalWord = 'total' | 'figure';

const WORDS: ReadonlyMap<string, TotalWord> = new Map([
  ...TOTAL_WORDS.map((word): [string, TotalWord] => [word, 'total']),
  ...FIGURE_WORDS.map((word): [string, TotalWord] => [word, 'figure']),
]);

/** What stands for the member in a line of totals, if a cell does. Words for figures may be ids, too. */
export function totalWordIn(cell: string): TotalWord | undefined {
  const words = cell
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}]+/gu, ' ')
    .trim();
  return WORDS.get(words) ?? (cell.includes('*') && STARS.test(cell.trim()) ? 'figure' : undefined);
}
