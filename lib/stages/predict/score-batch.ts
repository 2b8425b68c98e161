import { Meter } from '../../cost/meter.ts';
import { inAll } from '../../cost/usage.ts';
import type { Endpoints } from '../../endpoints/endpoints.ts';
import { RequestStatistics } from '../../endpoints/request-statistics.ts';
import type { CallsDefinition } from '../../partners/definition.ts';
import { readCheckpoint, withTheRestFailed, writeCheckpoint } from '../../run/checkpoint.ts';
import { completeIfAllIn } from '../../run/completion.ts';
import { CONTRACT_VERSION } from '../../run/contract-version.ts';
import {
  type Batch,
  batchSchema,
  type Checkpoint,
  type Member,
  type Result,
  type ScoredMember,
} from '../../run/contracts.ts';
import { resultKey } from '../../run/keys.ts';
import type { ObjectCreated } from '../../run/object-created.ts';
import { requestsIn, requestsOf, sumOfRequests } from '../../run/requests.ts';
import { countsMetadata } from '../../run/result-counts.ts';
import { callsDefinitionOf } from '../../run/run-definition.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { covering, waited } from '../../timing/clock.ts';
import { Deadline } from './deadline.ts';
import { Scorer } from './member-scorer.ts';
import { type Place, Places } from './places.ts';
import { ScoringNotes } from './scoring-notes.ts';

/**
 * How often a batch is continued after an invocation has run out of time. Lambda ends a chain of functions and objects
 * that start each other after about 16: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const MAX_CONTINUATIONS = 5;

/** How long calls that have begun may still run after scoring has ended. Nobody waits for their results. */
const GRACE_MS = 1000;

/** Where what runs call is to be had. */
export interface EndpointSource {
  /** To be called before new work; what it throws fails the stage. */
  prepare(): Promise<void>;
  /** What a run calls, where it is deployed now. @param partner undefined for a run of before contract 4 */
  of(definition: CallsDefinition, partner: string | undefined): Endpoints;
}

export interface ScoringOptions {
  endpoints: EndpointSource;
  /** How many members are called for at the same time. A member that waits for its next attempt does not count. */
  concurrency: number;
  /** When scoring must end, so that there is time to store the results; by default there is no limit. */
  deadline?: Deadline;
  /**
   * Counts the requests to each endpoint, those of this invocation alone: they are stored with what it has done. The
   * caller can read it even when the stage fails.
   */
  statistics?: (call: string) => RequestStatistics;
  /** Whether somebody follows the run, so that the batch's progress is stored. */
  isFollowed?: boolean;
  /** The function's memory, if known. */
  memoryMb?: number | undefined;
}

/**
 * The predict stage: scores a batch's members and writes the result. A batch that already has a result is not scored
 * again. The stage always checks whether the run is complete, because an earlier invocation may have stopped between
 * writing the result and this check.
 *
 * When time runs out, the stage stores the finished members as a checkpoint and writes the batch again, which starts
 * another invocation for the remaining members.
 *
 * @returns the result, if this call scored the batch to its end
 */
export async function scoreBatch(
  bucket: Bucket,
  created: Pick<ObjectCreated, 'key' | 'createdAt'>,
  scoring: ScoringOptions,
): Promise<Result | undefined> {
  const meter = new Meter(bucket, scoring.memoryMb);
  const prepared = scoring.endpoints.prepare();
  // `scoreMembers` awaits this promise and reports its failure. A batch that has a result needs no credentials.
  prepared.catch(() => undefined);
  const batch = await bucket.readJson(created.key, batchSchema);
  const [isScored, checkpoint] = await Promise.all([
    bucket.exists(resultKey(batch.runId, batch.batch, batch.round)),
    readCheckpoint(bucket, batch),
  ]);
  const invocation = { created, meter, checkpoint, prepared };
  const result = isScored ? undefined : await scoreMembers(bucket, batch, scoring, invocation);
  if (result === 'to be continued') return undefined;
  await completeIfAllIn(bucket, batch);
  return result;
}

/** One invocation of the stage for a batch. */
interface BatchInvocation {
  created: Pick<ObjectCreated, 'key' | 'createdAt'>;
  meter: Meter;
  checkpoint: Checkpoint;
  /** Resolves when the endpoints can be called. */
  prepared: Promise<void>;
  notes?: ScoringNotes;
}

async function scoreMembers(
  bucket: Bucket,
  batch: Batch,
  scoring: ScoringOptions,
  invocation: BatchInvocation,
): Promise<Result | 'to be continued'> {
  await invocation.prepared;
  const { statistics = countedByCall(), isFollowed } = scoring;
  const endpoints = scoring.endpoints.of(callsDefinitionOf(batch), batch.partner);
  const called = { ...scoring, endpoints, statistics };
  if (!isFollowed) return scoreAndStore(bucket, batch, called, invocation);
  const notes = new ScoringNotes(bucket, { batch, members: invocation.checkpoint.members, endpoints, statistics });
  try {
    return await scoreAndStore(bucket, batch, called, { ...invocation, notes });
  } finally {
    // After the result is stored, so that the result does not wait for the last note.
    await notes.stop();
  }
}

function countedByCall(): (call: string) => RequestStatistics {
  const known = new Map<string, RequestStatistics>();
  return (call) => {
    const own = known.get(call) ?? new RequestStatistics();
    known.set(call, own);
    return own;
  };
}

interface BatchScoring extends Omit<ScoringOptions, 'endpoints'> {
  endpoints: Endpoints;
  statistics: (call: string) => RequestStatistics;
}

async function scoreAndStore(
  bucket: Bucket,
  batch: Batch,
  { endpoints, concurrency, deadline = new Deadline(), statistics }: BatchScoring,
  { created, meter, checkpoint, notes }: BatchInvocation,
): Promise<Result | 'to be continued'> {
  const known = new Set(checkpoint.members.map(({ memberId }) => memberId));
  for (const endpoint of endpoints.byCall.values()) endpoint.renewWait();
  const scorer = new Scorer(endpoints, { concurrency, deadline: deadline.endsAt + GRACE_MS, statistics });
  const score = async (members: readonly Member[], place: Place) => {
    const scored = await scorer.scoreAll(members, place);
    for (const member of scored) notes?.count(member);
    return scored;
  };
  const left = batch.members.filter(({ memberId }) => !known.has(memberId));
  const scored = await new Places(scorer.sideBySide).map(inGroups(left, scorer.together), (members, place) =>
    deadline.limit(() => score(members, place)),
  );
  const finished = [...checkpoint.members, ...scored.flatMap((members) => members ?? [])];
  const requests = sumOfRequests(requestsOf(checkpoint), requestsIn(endpoints.byCall.keys(), statistics));
  const spans = covering(checkpoint.spans ?? {}, scorer.spans);
  if (finished.length < batch.members.length && isWorthContinuing(checkpoint, finished)) {
    const usage = inAll(checkpoint.usage, meter.usage());
    await continueLater(bucket, created.key, { ...checkpoint, members: finished, usage, requests, spans });
    return 'to be continued';
  }
  // Another invocation for the same batch may have stored members in the meantime; those need not fail.
  const stored = finished.length < batch.members.length ? await readCheckpoint(bucket, batch) : checkpoint;
  const members = withTheRestFailed(batch, [...stored.members, ...finished], OUT_OF_TIME);
  const result = {
    ...batch,
    version: CONTRACT_VERSION,
    members,
    wait: waited(created.createdAt, meter.startedAt),
    spans,
    usage: inAll(checkpoint.usage, meter.usage()),
    requests,
  };
  await bucket.createJson(resultKey(batch.runId, batch.batch, batch.round), result, countsMetadata(members));
  return result;
}

function inGroups<T>(members: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(members.length / size) }, (_, group) =>
    members.slice(group * size, (group + 1) * size),
  );
}

const OUT_OF_TIME =
  'the predict function ran out of time before it came to this member: raise its time-out, or find out why the endpoints are slow';

/** If this invocation has finished no member, the next one would probably finish none either. */
function isWorthContinuing({ members, continuations }: Checkpoint, finished: readonly ScoredMember[]): boolean {
  return finished.length > members.length && continuations < MAX_CONTINUATIONS;
}

async function continueLater(bucket: Bucket, batchKey: string, checkpoint: Checkpoint): Promise<void> {
  await writeCheckpoint(bucket, { ...checkpoint, continuations: checkpoint.continuations + 1 });
  await bucket.storeAgain(batchKey);
}
