import { count } from '../../local/terminal/units.ts';

/** The speeds and sizes that were measured on this machine. */
export interface MeasuredReading {
  rowsPerSecond: number;
  /** Bytes of memory, see the aggregates; a function needs about twice as much in total. */
  bytesPerMember: number;
  mergesPerSecond: number;
}

const RUNS = [
  { rows: 10_000_000, members: 1_000_000 },
  { rows: 100_000_000, members: 10_000_000 },
  { rows: 1_000_000_000, members: 10_000_000 },
];

/** Less than Lambda's 15 minutes, because S3 and the processor may be slower there. */
const RANGE_SECONDS = 600;
const PARTITION_BYTES = 1024 ** 3;

/** What files of several sizes need, as rows of a text table. Assumes the worst: that each range has all members. */
export function needsOf({ rowsPerSecond, bytesPerMember, mergesPerSecond }: MeasuredReading): string[][] {
  const needs = RUNS.map(({ rows, members }) => {
    const seconds = rows / rowsPerSecond;
    const bytes = members * bytesPerMember;
    const ranges = Math.ceil(seconds / RANGE_SECONDS);
    const partitions = ranges === 1 ? 1 : Math.ceil(bytes / PARTITION_BYTES);
    const mergeSeconds = ranges === 1 ? 0 : (members * ranges) / mergesPerSecond / partitions;
    return [rows, members, seconds, bytes / 1024 ** 2, ranges, partitions, mergeSeconds].map(count);
  });
  return [['rows', 'members', 's alone', 'MB of members', 'ranges', 'partitions', 's to merge one'], ...needs];
}
