import pMap from 'p-map';
import type { Bucket } from '../../lib/bucket.ts';
import type { Manifest } from '../../lib/contracts.ts';
import { resultPrefix } from '../../lib/layout.ts';
import { countsOf } from '../../lib/stages/result-counts.ts';

/** Members that scoring is done with. */
export interface MembersDone {
  /** Scored or failed. */
  done: number;
  failed: number;
}

/** HEADs under way at a time: enough for a thousand results within a look or two. */
const CONCURRENT_HEADS = 16;

/** Counts a run's results and the members in them. Each result is asked about once. */
export class ResultsCounter {
  readonly #bucket: Bucket;
  readonly #run: Manifest;
  readonly #seen = new Set<string>();
  /** Of the results that tell their members. */
  readonly #members: MembersDone = { done: 0, failed: 0 };
  #untold = 0;

  constructor(bucket: Bucket, run: Manifest) {
    this.#bucket = bucket;
    this.#run = run;
  }

  /** One LIST and a HEAD for each result that is new. */
  async look(): Promise<{ results: number; members: MembersDone }> {
    const keys = await this.#bucket.list(resultPrefix(this.#run.runId));
    const added = keys.filter((key) => !this.#seen.has(key));
    await pMap(added, (key) => this.#add(key), { concurrency: CONCURRENT_HEADS });
    return { results: keys.length, members: this.#doneWith(keys.length) };
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

  /** Results that do not tell count as their share of the members, none of them failed. */
  #doneWith(results: number): MembersDone {
    const { members, batches } = this.#run;
    if (results >= batches) return { done: members, failed: this.#members.failed };
    const done = this.#members.done + Math.round((this.#untold * members) / Math.max(1, batches));
    return { done: Math.min(done, members), failed: this.#members.failed };
  }
}
