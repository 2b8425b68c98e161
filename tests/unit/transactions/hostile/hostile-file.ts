import { MS_PER_DAY } from '../../../../lib/transactions/cells.ts';
import { DEFAULT_LIMITS, type FileLimits } from '../../../../lib/transactions/limits.ts';
import { TransactionReader } from '../../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../../lib/transactions/row-account.ts';
import { UnusableFileError } from '../../../../lib/transactions/unusable-file.ts';
import { DEFAULT, defaultAggregates } from '../../../default-partner.ts';

export const NAMES = [
  'MEMBER_ID',
  'LAST_TRANSACTION_TS',
  'LAST_TRANSACTION_TYPE',
  'LAST_TRANSACTION_POINTS_BOUGHT',
  'LAST_TRANSACTION_REVENUE_USD',
] as const;
export const HEADER = NAMES.join(',');

/** What most accepted rows of these files say after the member id. */
export const REST = ',2024-01-01,buy,1,1';

const AS_OF_DAY = Date.UTC(2024, 0, 31) / MS_PER_DAY;

/** A file that somebody may drop, and what must come of it, worked out by hand. */
export interface HostileFile {
  name: string;
  file: string | Buffer;
  /** Ids of the members, in order of first appearance; every accepted row has one point. */
  members?: string[];
  accepted?: number;
  /** The line of each rejected row, and what its reason says. */
  rejected?: [line: number, reason: RegExp][];
  /** Why the file cannot be used. */
  unusable?: RegExp;
}

/** Lines under the usual header. */
export function csv(...lines: string[]): string {
  return [HEADER, ...lines, ''].join('\n');
}

/** One row under the header, and what follows it is read. */
export function row(name: string, line: string, reason: RegExp): HostileFile {
  return { name, file: csv(line, `Z${REST}`), members: ['Z'], rejected: [[2, reason]] };
}

/** @param chunks that can be gone through again */
export async function readFile(chunks: AsyncIterable<Uint8Array>, limits: FileLimits = DEFAULT_LIMITS) {
  const aggregates = defaultAggregates(AS_OF_DAY);
  const rejectedRows: RejectedRow[] = [];
  const reader = new TransactionReader(aggregates, {
    input: DEFAULT.input,
    asOfDay: AS_OF_DAY,
    reject: async (rows) => {
      rejectedRows.push(...rows);
    },
    limits,
  });
  const unusable = await reader.read([{ open: async () => chunks }]).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof UnusableFileError) return error.message;
      throw error;
    },
  );
  return { counts: reader.counts, understood: reader.understood, aggregates, rejectedRows, unusable };
}

/** Can be gone through again and again. */
export function chunked(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
  };
}
