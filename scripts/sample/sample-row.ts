/** The cells of a row as they stand in the file. */
export interface SampleRow {
  memberId: string;
  time: string;
  kind: string;
  points: string;
  revenue: string;
}

/** The row as a line of the file, without the line end, its cells in the order of the header. */
export function lineOf({ memberId, time, kind, points, revenue }: SampleRow): string {
  return [memberId, time, kind, points, revenue].join(',');
}
