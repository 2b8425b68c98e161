import { bisector } from 'd3-array';
import type { ScoredMember } from '../../run/contracts.ts';
import { TOTAL } from '../../timing/steps.ts';
import { timed } from './tally.ts';

const bySlowness = bisector((member: ScoredMember) => -member.latency.total);

/** Keeps the members whose calls took longest, the slowest first. Members without a call are left out. */
export class SlowestMembers {
  readonly #kept: ScoredMember[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get members(): readonly ScoredMember[] {
    return this.#kept;
  }

  add(member: ScoredMember): void {
    if (timed(member, TOTAL) === undefined) return;
    const slowest = this.#kept.at(-1)?.latency.total ?? 0;
    if (this.#kept.length === this.#most && member.latency.total <= slowest) return;
    this.#kept.splice(bySlowness.right(this.#kept, -member.latency.total), 0, member);
    if (this.#kept.length > this.#most) this.#kept.pop();
  }
}
