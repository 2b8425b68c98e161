import * as z from 'zod';

const count = z.int().nonnegative();

export const rowCountsSchema = z.object({ read: count, accepted: count, rejected: count, imputed: count });
/** A file's rows other than the header: read = accepted + rejected. `imputed` counts blank cells in accepted rows. */
export type RowCounts = z.infer<typeof rowCountsSchema>;

export const rejectedRowSchema = z.object({
  /** Line of the file on which the row begins, the header being line 1. */
  line: z.int().positive(),
  /** What is wrong, in words that are the same for every such row, so that rows can be counted by it. */
  problem: z.string(),
  /** What is wrong with this row: the problem, and the cell that has it. */
  reason: z.string(),
  raw: z.string(),
});
/** A row that could not be used, as it stands in the file. */
export type RejectedRow = z.infer<typeof rejectedRowSchema>;

const memberRows = { members: count, rows: count };

export const lossesSchema = z.object({
  /** Members some of whose rows were rejected, and how many of their rows. */
  incomplete: z.object(memberRows),
  /** Members all of whose rows were rejected, so that the run knows nothing of them; and the first of them by line. */
  missing: z.object({
    ...memberRows,
    first: z.array(z.object({ memberId: z.string(), rows: count, line: z.int().positive(), reason: z.string() })),
  }),
  /** Rejected rows of which it is not known whose they are. */
  unknownRows: count,
  /** Whether there were so many such members that not all were counted. */
  isLowerBound: z.boolean().optional(),
});
/** What members lack because rows were rejected. */
export type Losses = z.infer<typeof lossesSchema>;
