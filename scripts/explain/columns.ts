/** Cells under their heading, their left edges one below the other. The heading is the first cell. */
export function alignedLeft(cells: readonly string[]): string[] {
  const width = widest(cells);
  return cells.map((cell) => cell.padEnd(width));
}

/** The same with their right edges. */
export function alignedRight(cells: readonly string[]): string[] {
  const width = widest(cells);
  return cells.map((cell) => cell.padStart(width));
}

/** Numbers under their heading, their decimal points one below the other. */
export function alignedAtPoint(heading: string, numbers: readonly string[]): string[] {
  const fractions = numbers.map((number) => number.slice(number.split('.', 1).join('').length));
  const width = widest(fractions);
  const padded = numbers.map((number, place) => number + ' '.repeat(width - (fractions[place] ?? '').length));
  return alignedRight([heading, ...padded]);
}

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, cell.length), 0);
}
