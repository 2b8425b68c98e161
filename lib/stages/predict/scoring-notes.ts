import { CALLS, type Call } from '../../calls.ts';
import type { Endpoints } from '../../endpoints/endpoints.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import type { Batch, ScoredMember } from '../../run/contracts.ts';
import { scoringProgressKey } from '../../run/keys.ts';
import type { FailingEndpoint } from '../../run/progress.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { now } from '../../timing/clock.ts';

/** What is looked at so often costs no request. */
const LOOK_EVERY_MS = 200;

/** Batches that are scored sooner, without an endpoint that fails, cost no request. */
const FIRST_NOTE_MS = 2000;

/** After so much of the time that has passed comes the next note: 28 of them in 15 minutes, 16 in the first. */
const SHARE_OF_TIME = 0.25;

/** Fewer may be chance: where a fifth of all requests fail, that many do so in a row in less than 1 % of all cases. */
const FAILURES_IN_A_ROW = 3;

/** What a note is about. */
export interface Scored {
  batch: Pick<Batch, 'runId' | 'round' | 'batch'>;
  /** What an earlier invocation has done of it. */
  members: readonly ScoredMember[];
  endpoints: Endpoints;
  /** What is sent for it. */
  statistics: Readonly<Record<Call, RequestStatistics>>;
}

/**
 * Notes in the bucket, from time to time, how far the scoring of a batch has come, and at once which endpoint gives
 * nothing but failures, for whoever follows the run. Nothing depends on the note: scoring does not wait for it, and it
 * may fail.
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
  /** Which endpoints failed by the latest note, and how often that has changed. */
  #noted = '';
  #changes = 0;
  #writing: Promise<void> | undefined;

  /** Looks at it until it is stopped. @param clock milliseconds */
  constructor(bucket: Bucket, scored: Scored, clock: () => number = now) {
    this.#bucket = bucket;
    this.#scored = scored;
    this.#clock = clock;
    this.#startedAt = clock();
    this.#dueAt = this.#startedAt + FIRST_NOTE_MS;
    for (const member of scored.members) this.count(member);
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Scoring is done with a member. */
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
    // Each change waits a second longer than the one before, however often an endpoint comes and goes.
    const isChanged = state !== this.#noted && time - this.#notedAt >= this.#changes * 1000;
    if (!isChanged && time < this.#dueAt) return;
    if (isChanged) this.#changes += 1;
    this.#noted = state;
    this.#notedAt = time;
    this.#dueAt = Math.max(this.#dueAt, time + SHARE_OF_TIME * (time - this.#startedAt));
    this.#write(failing);
  }

  /** Resolves when no note is being written and none will be: what goes on when a Lambda returns is frozen with it. */
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
    return CALLS.flatMap((call) => {
      const { requests = 0, latest } = statistics[call].failing ?? {};
      const endpoint = endpoints[call];
      if (latest === undefined || (requests < FAILURES_IN_A_ROW && !endpoint.isDown)) return [];
      const outage = endpoint.outage();
      const waits = outage === undefined ? {} : { givenUpInMs: outage.waitLeftMs };
      return [{ call, address: endpoint.address, problem: latest.message, requests, ...waits }];
    });
  }
}
