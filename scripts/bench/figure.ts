import type { RoundsSpread } from './rounds.ts';

/** One measured figure with its target. */
export interface Figure {
  /** Its name for people. */
  name: string;
  /** The measured values of all rounds. */
  value: RoundsSpread;
  /** `≥ 0.85`; undefined when the figure has no target. */
  target?: { atLeast: number } | { atMost: number };
  /** The numbers that it was calculated from, in a few words. */
  detail: string;
  /** Digits after the decimal point. */
  digits?: number;
}

export function isReached({ value, target }: Figure): boolean {
  if (target === undefined) return true;
  return 'atLeast' in target ? value.median >= target.atLeast : value.median <= target.atMost;
}

/** The table's rows, the header first. */
export function figureRows(figures: readonly Figure[]): string[][] {
  const rows = [['figure', 'median', 'min–max', 'rounds', 'to reach', '', 'behind it'], ...figures.map(rowOf)];
  const longest = Math.max(...rows.map((row) => row.at(-1)?.length ?? 0));
  // Columns of numbers are aligned to the right; the last one is text.
  return rows.map((row) => row.with(-1, (row.at(-1) ?? '').padEnd(longest)));
}

function rowOf(figure: Figure): string[] {
  const { name, value, detail, digits = 2 } = figure;
  const text = (number: number) => number.toFixed(digits);
  const range = value.rounds === 1 ? '' : `${text(value.min)}–${text(value.max)}`;
  return [name, text(value.median), range, String(value.rounds), targetText(figure), markOf(figure), detail];
}

function targetText({ target, digits = 2 }: Figure): string {
  if (target === undefined) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast.toFixed(digits)}` : `≤ ${target.atMost.toFixed(digits)}`;
}

function markOf(figure: Figure): string {
  if (figure.target === undefined) return '';
  return isReached(figure) ? 'reached' : 'missed';
}
