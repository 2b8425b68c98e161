import type { Manifest, Result, ScoredMember, Span, Step, Summary } from '../contracts.ts';
import { StepTimer } from '../timing.ts';

/** Steps that are timed for each member, in the order of the report. */
const MEMBER_STEPS = ['ats', 'resp', 'offer', 'total'] as const;

const NO_SPAN: Span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };

/** Counts what a run came to while its results pass by. */
export class Tally {
  readonly members = { total: 0, scored: 0, failed: 0 };
  readonly #offers = new Map<string, number>();
  readonly #timers = {
    ats: new StepTimer({ step: 'ats', unit: 'member', items: 'members' }),
    resp: new StepTimer({ step: 'resp', unit: 'member', items: 'members' }),
    offer: new StepTimer({ step: 'offer', unit: 'member', items: 'members' }),
    total: new StepTimer({ step: 'total', unit: 'member', items: 'members' }),
  };
  readonly #wait = new StepTimer({ step: 'wait', unit: 'object', items: 'objects' });
  #firstError: string | undefined;

  /** Members per offer, by the offers' names. */
  get offers(): Record<string, number> {
    return Object.fromEntries([...this.#offers].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Counts what is true of a whole batch; its members are added one by one. */
  addBatch({ wait, spans }: Result): void {
    this.addWait(wait);
    for (const step of MEMBER_STEPS) this.#timers[step].cover(spans[step] ?? NO_SPAN);
  }

  addMember({ outcome, latency }: ScoredMember): void {
    this.members.total += 1;
    for (const step of MEMBER_STEPS) {
      const durationMs = latency[step];
      if (durationMs !== undefined) this.#timers[step].observe(durationMs);
    }
    if (outcome.status === 'SCORED') {
      this.members.scored += 1;
      this.#offers.set(outcome.offer, (this.#offers.get(outcome.offer) ?? 0) + 1);
    } else {
      this.members.failed += 1;
      this.#firstError ??= outcome.error;
    }
  }

  /** Counts the time from an object's creation to the handler that it started. */
  addWait(wait: Span): void {
    this.#wait.add(wait);
  }

  /** All steps of the run so far: those of the features stage, those of each member, and the waiting between stages. */
  steps(manifest: Manifest): Step[] {
    const scoring = MEMBER_STEPS.map((step) => this.#timers[step].statistics());
    return [...manifest.steps, ...scoring, this.#wait.statistics()];
  }

  /** FAILED: nobody can be made an offer. PARTIAL: some members cannot. */
  verdict(manifest: Manifest): Pick<Summary, 'status' | 'reason'> {
    if (manifest.reason !== undefined) return { status: 'FAILED', reason: manifest.reason };
    const { total, scored, failed } = this.members;
    if (failed === 0) return { status: 'COMPLETE' };
    const reason = `${failed} of ${total} members could not be scored; the first: ${this.#firstError}`;
    return { status: scored === 0 ? 'FAILED' : 'PARTIAL', reason };
  }
}
