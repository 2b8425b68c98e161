import type { Endpoints } from '../../endpoints/endpoints.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import type { Batch, ScoredMember } from '../../run/contracts.ts';
import { scoringProgressKey } from '../../run/keys.ts';
import type { FailingEndpoint } from '../../run/progress.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';

/** How often `look` checks whether a note is due. A check sends no request to S3. */
const LOOK_EVERY_MS = 200;

/** When the first note is due. A batch that is scored sooner, while no endpoint fails, sends no request for notes. */
const FIRST_NOTE_MS = 2000;

/** The pause before the next note, as a share of the time that has passed: 28 notes in 15 minutes, 16 in the first. */
const SHARE_OF_TIME = 0.25;

/**
 * So many failures in a row mean that an endpoint fails; fewer may be chance. Where a fifth of all requests fail, three
 * fail in a row in less than 1 % of all cases.
 */
const FAILURES_IN_A_ROW = 3;

/** What the notes tell of: a batch and its scoring. */
export interface Scored {
  batch: Pick<Batch, 'runId' | 'round' | 'batch'>;
  /** The batch's members that an earlier invocation has finished. */
  members: readonly ScoredMember[];
  endpoints: Endpoints;
  /** Count the requests that are sent for the batch. */
  statistics: (call: string) => RequestStatistics;
}

/**
 * Stores the progress of a batch's scoring in the bucket, for commands that follow the run: from time to time how many
 * members are done, and at once which endpoint only fails. Nothing depends on these notes: scoring does not wait for
 * them, and when one cannot be stored, nothing happens.
 */
export class ScoringNotes {
  readonly #bucket: Bucket;
  readonly #scored: Scored;
  readonly #clock: () => number;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #done = 0;
  #failed = 0;
  #dueAt: number;
  #notedAt = Number.NEGATIVE_INFINITY;
  /** Which endpoints failed according to the latest note, and how often that has changed. */
  #noted = '';
  #changes = 0;
  #writing: Promise<void> | undefined;

  /** Begins to write notes; `stop` ends that. @param clock gives milliseconds */
  constructor(bucket: Bucket, scored: Scored, clock: () => number = now) {
    this.#bucket = bucket;
    this.#scored = scored;
    this.#clock = clock;
    this.#startedAt = clock();
    this.#dueAt = this.#startedAt + FIRST_NOTE_MS;
    for (const member of scored.members) this.count(member);
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Counts a member that is scored or has failed. */
  count({ outcome }: Pick<ScoredMember, 'outcome'>): void {
    this.#done += 1;
    if (outcome.status === 'FAILED') this.#failed += 1;
  }

  /** Writes a note if one is due. */
  look(): void {
    if (this.#writing !== undefined) return;
    const time = this.#clock();
    const failing = this.#failing();
    const state = failing.map(({ call, givenUpInMs }) => `${call} ${givenUpInMs !== undefined}`).join();
    // Each change is noted a second later than the one before, so that an unsteady endpoint does not cause many notes.
    const isChanged = state !== this.#noted && time - this.#notedAt >= this.#changes * 1000;
    if (!isChanged && time < this.#dueAt) return;
    if (isChanged) this.#changes += 1;
    this.#noted = state;
    this.#notedAt = time;
    this.#dueAt = Math.max(this.#dueAt, time + SHARE_OF_TIME * (time - this.#startedAt));
    this.#write(failing);
  }

  /**
   * Writes no further notes, and resolves when the current one is written: Lambda freezes requests that are still open
   * when a function returns.
   */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
  }

  #write(failing: FailingEndpoint[]): void {
    const { runId, batch, round } = this.#scored.batch;
    const note = { done: this.#done, failed: this.#failed, failing };
    this.#writing = this.#bucket
      .writeJson(scoringProgressKey(runId, batch, round), note)
      .catch(() => undefined)
      .finally(() => {
        this.#writing = undefined;
      });
  }

  #failing(): FailingEndpoint[] {
    const { endpoints, statistics } = this.#scored;
    return [...endpoints.byCall].flatMap(([call, endpoint]) => {
      const { requests = 0, latest } = statistics(call).failing ?? {};
      if (latest === undefined || (requests < FAILURES_IN_A_ROW && !endpoint.isDown)) return [];
      const outage = endpoint.outage();
      const waits = outage === undefined ? {} : { givenUpInMs: outage.waitLeftMs };
      const { label, address } = endpoint;
      return [{ call, label, address, problem: latest.message, requests, ...waits }];
    });
  }
}
