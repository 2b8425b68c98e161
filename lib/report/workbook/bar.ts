/** Blocks that fill a character from the left, by eighths. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A share as a bar of text, which every program shows and prints in the same way. (The data bars that exceljs writes
 * fill a tenth of the cell for zero.)
 *
 * @param share 0 to 1
 * @param length of the whole bar, in characters
 */
export function textBar(share: number, length: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * length * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
