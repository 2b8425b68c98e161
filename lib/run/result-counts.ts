import * as z from 'zod';
import type { ScoredMember } from './contracts.ts';

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const metadataSchema = z
  .object({ members: count, failed: count })
  .refine(({ members, failed }) => failed <= members, 'more members have failed than there are');

/** How many members a batch has, and how many of them failed. */
export type ResultCounts = z.infer<typeof metadataSchema>;

export function countsIn(members: readonly ScoredMember[]): ResultCounts {
  return { members: members.length, failed: members.filter(({ outcome }) => outcome.status === 'FAILED').length };
}

/** A result's counts as object metadata, so that commands can follow a run without downloading its results. */
export function countsMetadata(members: readonly ScoredMember[]): Record<string, string> {
  const counts = countsIn(members);
  return { members: String(counts.members), failed: String(counts.failed) };
}

/** A result's counts; undefined when its metadata has none, because an older version or a person has stored it. */
export function countsOf(metadata: Record<string, string> | undefined): ResultCounts | undefined {
  return metadataSchema.safeParse(metadata).data;
}
