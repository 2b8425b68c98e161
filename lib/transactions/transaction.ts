import type { Kind } from './cells.ts';

/** One accepted row. */
export interface Transaction {
  memberId: string;
  /** Milliseconds since the epoch, UTC. */
  time: number;
  /** `undefined`: the cell was blank, the transaction counts but is of no kind. */
  kind: Kind | undefined;
  points: number;
  revenueUsd: number;
  /** How many of its cells were blank and read as a default. */
  imputedValues: number;
}
