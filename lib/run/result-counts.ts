import * as z from 'zod';
import type { ScoredMember } from './contracts.ts';

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const metadataSchema = z
  .object({ members: count, failed: count })
  .refine(({ members, failed }) => failed <= members, 'more failed than there are');

/** What became of a batch: its members, and how many of them failed. */
export type ResultCounts = z.infer<typeof metadataSchema>;

export function countsIn(members: readonly ScoredMember[]): ResultCounts {
  return { members: members.length, failed: members.filter(({ outcome }) => outcome.status === 'FAILED').length };
}

/** A result's counts as object metadata, so that nobody has to download it to follow a run. */
export function countsMetadata(members: readonly ScoredMember[]): Record<string, string> {
  const counts = countsIn(members);
  return { members: String(counts.members), failed: String(counts.failed) };
}

/** A result's counts; undefined when its metadata does not tell, as that of an older version or one put by hand. */
export function countsOf(metadata: Record<string, string> | undefined): ResultCounts | undefined {
  return metadataSchema.safeParse(metadata).data;
}
