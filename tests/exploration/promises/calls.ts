import { checkpointSchema, type ScoredMember } from '../../../lib/run/contracts.ts';
import { checkpointPrefix } from '../../../lib/run/keys.ts';
import type { ReceivedCall } from '../endpoints.ts';
import type { Harness, Written } from '../harness.ts';
import type { Invocation } from '../invocation.ts';
import { RESULTS_PREFIX, roundIn, runIdIn } from './runs.ts';
import type { Report } from './watch.ts';

const CHECKPOINTS_PREFIX = checkpointPrefix('').slice(0, -1);

/** Nobody is called for whose outcome was stored before the invocation began, or whom it has an answer for. */
export class CallPromises {
  readonly #harness: Harness;
  readonly #report: Report;
  /** When a member of a run was stored as scored, and a batch's result, for the first time. */
  readonly #scoredAt = new Map<string, number>();
  readonly #resultAt = new Map<string, number>();
  readonly #answered = new WeakMap<Invocation, Set<string>>();

  constructor(harness: Harness, report: Report) {
    this.#harness = harness;
    this.#report = report;
  }

  note({ key, after, at }: Written): void {
    if (!key.startsWith(RESULTS_PREFIX) && !key.startsWith(CHECKPOINTS_PREFIX)) return;
    const batch = batchIn(key);
    if (after === undefined) this.#resultAt.delete(batch);
    if (after === undefined) return;
    if (key.startsWith(RESULTS_PREFIX)) this.#resultAt.set(batch, this.#resultAt.get(batch) ?? at);
    for (const memberId of scoredMembers(after.body)) {
      const member = `${runIdIn(key)} ${memberId}`;
      this.#scoredAt.set(member, this.#scoredAt.get(member) ?? at);
    }
  }

  assess(received: ReceivedCall): void {
    this.#assessInvocation(received);
    this.#assessRun(received);
  }

  #assessInvocation({ invocation, call, memberId, isAnswered }: ReceivedCall): void {
    const answered = this.#answered.get(invocation) ?? new Set();
    this.#answered.set(invocation, answered);
    if (answered.has(`${call} ${memberId}`)) {
      this.#report(
        'nobody is called for again',
        `${invocation.name} asks ${call} for ${memberId}, whom it has answered`,
      );
    }
    if (isAnswered) answered.add(`${call} ${memberId}`);
  }

  #assessRun({ invocation, memberId }: ReceivedCall): void {
    const key = this.#harness.objectOf(invocation)?.key ?? '';
    const isBefore = (at: number | undefined) => at !== undefined && at < invocation.startedAt;
    const isKnown = isBefore(this.#scoredAt.get(`${runIdIn(key)} ${memberId}`));
    if (!isKnown && !isBefore(this.#resultAt.get(batchIn(key)))) return;
    this.#report('nobody is called for again', `${invocation.name} for ${memberId}, whose outcome was stored before`);
  }
}

/** A batch of a round: `<round>/00001.json`. */
function batchIn(key: string): string {
  return `${roundIn(key)}/${key.split('/').at(-1)}`;
}

function scoredMembers(body: Buffer): string[] {
  const { members } = checkpointSchema.pick({ members: true }).parse(JSON.parse(body.toString()));
  return members.filter(isScored).map(({ memberId }) => memberId);
}

function isScored({ outcome }: ScoredMember): boolean {
  return outcome.status === 'SCORED';
}
