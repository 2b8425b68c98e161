import pMap from 'p-map';
import type { Manifest } from '../../../lib/run/contracts.ts';
import { resultPrefix } from '../../../lib/run/keys.ts';
import type { FailingEndpoint, ScoringProgress } from '../../../lib/run/progress.ts';
import { countsOf } from '../../../lib/run/result-counts.ts';
import type { Bucket } from '../../../lib/storage/bucket.ts';
import { NotesReader } from './progress-notes.ts';

/** Members that are scored or have failed. */
export interface MembersDone {
  /** Scored or failed. */
  done: number;
  failed: number;
}

/** How many HEAD requests are sent at the same time: enough for a thousand results within a look or two. */
const CONCURRENT_HEADS = 16;

/** How far the scoring of a run has come. */
export interface Scoring {
  /** Number of batches that have a result. */
  results: number;
  members: MembersDone;
  /** Endpoints that only fail for the batches in progress, each once; absent when there are none. */
  failing?: FailingEndpoint[];
}

/** Counts a run's results, their members, and the members that are done in other batches. Asks for each result once. */
export class ResultsCounter {
  readonly #bucket: Bucket;
  readonly #run: Pick<Manifest, 'members' | 'batches'>;
  readonly #prefix: string;
  readonly #seen = new Set<string>();
  /** Members of the results whose metadata has counts. */
  readonly #members: MembersDone = { done: 0, failed: 0 };
  readonly #notes: NotesReader;
  #untold = 0;

  /** @param run whose members and batches are those of the round */
  constructor(bucket: Bucket, run: Pick<Manifest, 'runId' | 'members' | 'batches'>, round = 1) {
    this.#bucket = bucket;
    this.#run = run;
    this.#prefix = resultPrefix(run.runId, round);
    this.#notes = new NotesReader(bucket, run.runId, round);
  }

  /** Sends a LIST, and a HEAD for each new result. Until all results are there, it reads the notes as well. */
  async look(): Promise<Scoring> {
    const keys = await this.#bucket.list(this.#prefix);
    const added = keys.filter((key) => !this.#seen.has(key));
    await pMap(added, (key) => this.#add(key), { concurrency: CONCURRENT_HEADS });
    const isUnderWay = keys.length < this.#run.batches;
    const notes = isUnderWay ? await this.#notes.look((name) => this.#seen.has(`${this.#prefix}${name}`)) : [];
    return { results: keys.length, members: this.#doneWith(keys.length, notes), ...failingIn(notes) };
  }

  async #add(key: string): Promise<void> {
    const counts = countsOf(await this.#bucket.metadataIfThere(key));
    this.#seen.add(key);
    if (counts === undefined) {
      this.#untold += 1;
      return;
    }
    this.#members.done += counts.members;
    this.#members.failed += counts.failed;
  }

  /** A result without counts is taken for an average batch in which no member failed. */
  #doneWith(results: number, notes: readonly ScoringProgress[]): MembersDone {
    const { members, batches } = this.#run;
    const failed = this.#members.failed + sum(notes, (note) => note.failed);
    if (results >= batches) return { done: members, failed };
    const untold = Math.round((this.#untold * members) / Math.max(1, batches));
    const done = this.#members.done + untold + sum(notes, (note) => note.done);
    return { done: Math.min(done, members), failed };
  }
}

function failingIn(notes: readonly ScoringProgress[]): Pick<Scoring, 'failing'> {
  const byCall = new Map(notes.flatMap(({ failing }) => failing).map((endpoint) => [endpoint.call, endpoint]));
  return byCall.size === 0 ? {} : { failing: [...byCall.values()] };
}

function sum(notes: readonly ScoringProgress[], of: (note: ScoringProgress) => number): number {
  return notes.reduce((total, note) => total + of(note), 0);
}
