import { timestampOf } from '../../run/keys.ts';
import type { Bucket, ListedObject } from '../../storage/bucket.ts';
import { isPlanned, type ListedRun, type Origin, originOf, runsOfMinute } from './run-listing.ts';

/** How much an upload's time in a listing may differ from its event's, milliseconds: listings have whole seconds. */
const CLOCK_TOLERANCE_MS = 10_000;

/** Whether an upload was there when a run began, by the time of its listing. */
export function isBefore({ modifiedAt }: ListedObject, { runId }: ListedRun): boolean {
  return runId >= timestampOf(new Date(modifiedAt.getTime() - CLOCK_TOLERANCE_MS));
}

/** Listed runs, and which uploads they belong to. */
export class UploadRuns {
  readonly all: readonly ListedRun[];
  readonly #bucket: Bucket;
  readonly #stalledSince: number;
  readonly #origins = new Map<ListedRun, Promise<Origin | undefined>>();

  /** @param stalledSince a run without a plan in which nothing has happened since has stopped; milliseconds since the epoch */
  constructor(bucket: Bucket, all: readonly ListedRun[], stalledSince: number) {
    this.all = all;
    this.#bucket = bucket;
    this.#stalledSince = stalledSince;
  }

  /** What a run says of its upload, which is read only once; undefined when it does not say so. */
  originOf(run: ListedRun): Promise<Origin | undefined> {
    const origin = this.#origins.get(run) ?? originOf(this.#bucket, run);
    this.#origins.set(run, origin);
    return origin;
  }

  /** The runs, and those of the time of an upload, which may be older than all of them. */
  async allAnd({ modifiedAt }: ListedObject): Promise<readonly ListedRun[]> {
    const known = new Map(this.all.map((run) => [run.runId, run]));
    for (const difference of [-CLOCK_TOLERANCE_MS, CLOCK_TOLERANCE_MS]) {
      const runs = await runsOfMinute(this.#bucket, new Date(modifiedAt.getTime() + difference));
      for (const run of runs) if (!known.has(run.runId)) known.set(run.runId, run);
    }
    return [...known.values()];
  }

  /** Whether an upload has a run. */
  async has(upload: ListedObject): Promise<boolean> {
    for (const run of this.all) if (await this.isOf(run, upload)) return true;
    return false;
  }

  /** Whether a run is that of an upload. */
  async isOf(run: ListedRun, upload: ListedObject): Promise<boolean> {
    if (!isBefore(upload, run)) return false;
    // A run that has stopped before it had a plan counts as no run of the upload: the upload is to start another one.
    if (!isPlanned(run) && run.activeAt <= this.#stalledSince) return false;
    const origin = await this.originOf(run);
    // A run whose origin is unknown is taken for the run of an upload of the same time.
    if (origin === undefined) {
      return run.runId < timestampOf(new Date(upload.modifiedAt.getTime() + CLOCK_TOLERANCE_MS));
    }
    return origin.source.key === upload.key && origin.etag === upload.etag;
  }
}
