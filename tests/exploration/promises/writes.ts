import * as z from 'zod';
import { checkpointSchema } from '../../../lib/run/contracts.ts';
import {
  batchPrefix,
  COMPLETIONS_PREFIX,
  checkpointPrefix,
  REPORTS_PREFIX,
  resultPrefix,
  UPLOADS_PREFIX,
} from '../../../lib/run/keys.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import type { Harness, Written } from '../harness.ts';
import { manifestOf, roundIn, runIdIn } from './runs.ts';
import type { Report } from './watch.ts';

/** Objects that are written again and again, or by nobody but people. */
const CHANGING = [
  /progress\.json$/,
  /ended[^/]*\.json$/,
  /notified\.json$/,
  /rejected\.jsonl$/,
  new RegExp(`^${REPORTS_PREFIX}|^${UPLOADS_PREFIX}`),
];
const CHECKPOINTS_PREFIX = checkpointPrefix('').slice(0, -1);

/** What must be so of every single write, when it is done. */
export class WritePromises {
  readonly #harness: Harness;
  readonly #report: Report;
  /** The best that the summary of a run has said. */
  readonly #best = new Map<string, Summary>();

  constructor(harness: Harness, report: Report) {
    this.#harness = harness;
    this.#report = report;
  }

  assess(written: Written): void {
    if (written.key.startsWith(COMPLETIONS_PREFIX)) this.#assessCompletion(written);
    if (written.key.endsWith('/summary.json')) this.#assessSummary(written);
    if (written.by !== undefined) this.#assessChange(written);
  }

  /** A completion that is stored again starts the report again, and is none of its own. */
  #assessCompletion({ cause, key, before }: Written): void {
    if (cause !== 'Put') return;
    const round = roundIn(key);
    const name = this.#harness.named(round);
    if (before !== undefined) this.#report('a round is completed once', `${name} twice`);
    const batches = this.#harness.objects.list(batchPrefix(round)).length;
    const results = this.#harness.objects.list(resultPrefix(round)).length;
    const manifest = manifestOf(this.#harness, runIdIn(key));
    // A file that has failed is not waited for, whatever is under way of it.
    if (round === runIdIn(key) && manifest?.reason !== undefined) return;
    const isWhole = manifest !== undefined && (round !== runIdIn(key) || manifest.batches === batches);
    if (!isWhole || results < batches) {
      this.#report('a round is completed when all is in', `${name} with ${results} results of ${batches} batches`);
    }
  }

  #assessSummary({ key, after }: Written): void {
    if (after === undefined) return;
    const summary = summarySchema.parse(JSON.parse(after.body.toString()));
    const best = this.#best.get(key);
    if (best === undefined || best.members.scored <= summary.members.scored) this.#best.set(key, summary);
    // Of a report that could not be written nobody knows what it would have said.
    if (best === undefined || summary.edition?.failed) return;
    const isWorse = best.members.scored > summary.members.scored || (isDone(best) && !isDone(summary));
    if (isWorse) this.#report('a summary never goes back', `${shown(best)}, then ${shown(summary)}`);
  }

  #assessChange({ cause, key, before, after, by }: Written): void {
    if (before === undefined || CHANGING.some((pattern) => pattern.test(key))) return;
    const isCheckpoint = key.startsWith(CHECKPOINTS_PREFIX);
    const isSame = isCheckpoint ? keepsMembers(before.body, after?.body) : after?.body.equals(before.body);
    if (isSame) return;
    const what = after === undefined ? 'deletes' : isCheckpoint ? 'forgets members of' : 'changes';
    this.#report('what is written stays', `${by?.name} ${what} ${this.#harness.named(key)} (${cause})`);
  }
}

function isDone({ status }: Summary): boolean {
  return status === 'COMPLETE';
}

function shown({ status, members }: Summary): string {
  return `${status} with ${members.scored} of ${members.total}`;
}

const storedCheckpoint = z.string().transform((text) => checkpointSchema.parse(JSON.parse(text)));

function keepsMembers(before: Buffer, after: Buffer | undefined): boolean {
  if (after === undefined) return false;
  const known = new Set(storedCheckpoint.parse(after.toString()).members.map(({ memberId }) => memberId));
  return storedCheckpoint.parse(before.toString()).members.every(({ memberId }) => known.has(memberId));
}
