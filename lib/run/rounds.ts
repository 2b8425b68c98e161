import pMap from 'p-map';
import { inAll } from '../cost/usage.ts';
import type { Bucket } from '../storage/bucket.ts';
import { covering } from '../timing/clock.ts';
import {
  type Batch,
  type Manifest,
  type Result,
  type Round,
  resultSchema,
  roundSchema,
  type ScoredMember,
} from './contracts.ts';
import { numbersTo, resultKey, roundKey, roundOf, roundPrefix } from './keys.ts';
import { requestsOf, sumOfRequests } from './requests.ts';

/** A run's rounds after the first, in order. */
export type Rounds = readonly Round[];

const CONCURRENT_READS = 8;

/** All rounds of a run after the first. */
export async function readRounds(bucket: Bucket, runId: string): Promise<Rounds> {
  const numbers = (await bucket.list(roundPrefix(runId))).map((key) => roundOf(key) ?? 0);
  return readRoundsTo(bucket, runId, Math.max(1, ...numbers));
}

/** The rounds of a run after the first, up to and including `last`. */
export async function readRoundsTo(bucket: Bucket, runId: string, last: number): Promise<Rounds> {
  const read = (round: number) => bucket.readJson(roundKey(runId, round), roundSchema);
  return pMap(numbersTo(last).slice(1), read, { concurrency: CONCURRENT_READS });
}

/** The number of the newest round. */
export function newestOf(rounds: Rounds): number {
  return rounds.at(-1)?.round ?? 1;
}

/** How many batches a run's newest round has. */
export function batchesOf({ batches }: Pick<Manifest, 'batches'>, rounds: Rounds): number {
  return rounds.at(-1)?.of.length ?? batches;
}

/**
 * The results of a run's batches, in order, with each member as its newest round has left it. The next result is read
 * while the caller uses the current one.
 */
export async function* readResults(
  bucket: Bucket,
  runId: string,
  rounds: Rounds,
  batches: readonly number[],
): AsyncGenerator<Result> {
  const read = (batch: number | undefined) =>
    batch === undefined ? undefined : readResult(bucket, runId, rounds, batch);
  let next = read(batches[0]);
  for (let index = 1; next !== undefined; index++) {
    const result = await next;
    next = read(batches[index]);
    // The `await` above reports a failure; until then it must not be an unhandled rejection.
    next?.catch(() => undefined);
    yield result;
  }
}

/** A batch's result with each member as its newest round has left it. @param batch its number in the first round */
export async function readResult(bucket: Bucket, runId: string, rounds: Rounds, batch: number): Promise<Result> {
  let result = await bucket.readJson(resultKey(runId, batch), resultSchema);
  for (const { round, of } of rounds) {
    const place = of.indexOf(batch);
    if (place < 0) continue;
    const later = await bucket.readJson(resultKey(runId, place + 1, round), resultSchema);
    result = overlaid(result, later);
  }
  return result;
}

/** The earlier result with its members replaced by those of the later one, as far as that has them. */
function overlaid(earlier: Result, later: Result): Result {
  const again = new Map(later.members.map((member) => [member.memberId, member]));
  const { batch, batches } = earlier;
  const usage = later.usage === undefined ? earlier.usage : inAll(earlier.usage, later.usage);
  const newest = (member: ScoredMember) => {
    const other = again.get(member.memberId);
    // A version without rounds may have scored the member in the meantime, in the earlier result.
    return other === undefined || isScored(member) ? member : other;
  };
  return {
    ...later,
    batch,
    batches,
    members: earlier.members.map(newest),
    usage,
    spans: covering(earlier.spans, later.spans),
    requests: sumOfRequests(requestsOf(earlier), requestsOf(later)),
  };
}

/** The failed members of a result, as members of another round's batch. */
export function failedPart({ members }: Result): Batch['members'] {
  return members
    .filter((member) => !isScored(member))
    .map(({ memberId, transactions, imputedValues, rejectedRows, features }) => ({
      memberId,
      transactions,
      imputedValues,
      ...(rejectedRows !== undefined && { rejectedRows }),
      features,
    }));
}

function isScored({ outcome }: ScoredMember): boolean {
  return outcome.status === 'SCORED';
}
