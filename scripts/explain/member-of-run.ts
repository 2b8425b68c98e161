import { pMapIterable } from 'p-map';
import * as z from 'zod';
import { batchSchema, type Manifest, type Member, resultSchema, type ScoredMember } from '../../lib/run/contracts.ts';
import { batchKey, numbersTo, outputKey, resultKey } from '../../lib/run/keys.ts';
import { type Bucket, InvalidObjectError, ObjectMissingError } from '../../lib/storage/bucket.ts';
import { InvalidLineError, readJsonLines } from '../../lib/storage/json-lines.ts';

/** The member, without an outcome when its batch has no result yet; or the ids of all members, when it is none. */
export type Search = { member: Member | ScoredMember } | { memberIds: ReadonlySet<string> };

/** Batches that are read at a time. */
const CONCURRENCY = 8;

/**
 * Looks for a member in a run: in the report's data when there is a report, else in the results so far and in the
 * batches that have none.
 *
 * @throws InvalidObjectError when one of these objects cannot be understood
 */
export async function findMember(bucket: Bucket, manifest: Manifest, memberId: string): Promise<Search> {
  return (await findInReport(bucket, manifest, memberId)) ?? (await findInBatches(bucket, manifest, memberId));
}

const scoredMemberSchema = resultSchema.shape.members.element;
/** The one member that is looked for is worth a full check, the others are worth none. */
const anyMemberSchema = z.looseObject({ memberId: z.string() });

async function findInReport(bucket: Bucket, manifest: Manifest, memberId: string): Promise<Search | undefined> {
  const key = outputKey(manifest.partner, manifest.runId, 'members');
  const stream = await readIfThere(bucket, key);
  if (stream === undefined) return undefined;
  const memberIds = new Set<string>();
  try {
    for await (const member of readJsonLines(stream, anyMemberSchema)) {
      if (member.memberId === memberId) return { member: scoredMemberSchema.parse(member) };
      memberIds.add(member.memberId);
    }
  } catch (cause) {
    if (!(cause instanceof z.ZodError || cause instanceof InvalidLineError)) throw cause;
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : cause.message;
    throw new InvalidObjectError(`s3://${bucket.name}/${key} cannot be used: ${problem}`, { cause });
  } finally {
    stream.destroy();
  }
  return { memberIds };
}

async function readIfThere(bucket: Bucket, key: string) {
  try {
    return (await bucket.read(key)).chunks;
  } catch (error) {
    if (error instanceof ObjectMissingError) return undefined;
    throw error;
  }
}

async function findInBatches(bucket: Bucket, { runId, batches }: Manifest, memberId: string): Promise<Search> {
  const memberIds = new Set<string>();
  const read = (batch: number) => readBatch(bucket, runId, batch);
  for await (const members of pMapIterable(numbersTo(batches), read, { concurrency: CONCURRENCY })) {
    const member = members.find((candidate) => candidate.memberId === memberId);
    if (member !== undefined) return { member };
    for (const other of members) memberIds.add(other.memberId);
  }
  return { memberIds };
}

/** A batch's members, with their outcomes when it has been scored; none when it has been deleted. */
async function readBatch(bucket: Bucket, runId: string, batch: number): Promise<readonly (Member | ScoredMember)[]> {
  const result = await bucket.readJsonIfThere(resultKey(runId, batch), resultSchema);
  if (result !== undefined) return result.members;
  return (await bucket.readJsonIfThere(batchKey(runId, batch), batchSchema))?.members ?? [];
}
