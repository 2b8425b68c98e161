/** Where a cell is. */
export interface CellPlace {
  line: number;
  /** Of a file with several, the name of the one that the line is of. */
  part?: string | undefined;
}

/** Such as `line 2`, or `line 2 of part-1.csv`. */
export function placeInWords({ line, part }: CellPlace): string {
  return part === undefined ? `line ${line}` : `line ${line} of ${part}`;
}
