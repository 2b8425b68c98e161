import type { Calls } from '../../calls.ts';
import { mapNames } from '../../registry.ts';
import { type Failure, type Manifest, PREDICT_STEP, type Result, type ScoredMember } from '../../run/contracts.ts';
import { type RequestsByCall, requestsOf } from '../../run/requests.ts';
import type { Requests, Summary } from '../../run/summary.ts';
import type { Span } from '../../timing/clock.ts';
import type { Step } from '../../timing/step-timer.ts';
import { StepTimer } from '../../timing/step-timer.ts';
import { STAGES, type Stage, TOTAL, WAIT, waitFor } from '../../timing/steps.ts';
import type { RejectedRow } from '../../transactions/row-account.ts';
import { tooManyRejected } from './too-many-rejected.ts';

const memberTimer = (step: string) => new StepTimer({ step, unit: 'member', items: 'members' });
const waitTimer = (step: string) => new StepTimer({ step, unit: 'object', items: 'objects' });

/** Counts members, requests, failures, rejected rows and times in one pass over a run's results and rejected rows. */
export class Tally {
  readonly members = { total: 0, scored: 0, failed: 0 };
  /** By call. */
  readonly #requests: ReadonlyMap<string, Requests & { rows: number }>;
  /** Steps that are timed for each member, in the order of the report. */
  readonly #timers: ReadonlyMap<string, StepTimer>;
  readonly #problems = new Map<string, number>();
  readonly #wait = waitTimer(WAIT);
  readonly #waits = mapNames(STAGES, (stage) => waitTimer(waitFor(stage)));
  readonly #failures = new Map<string, Summary['failures'][number]>();

  constructor({ all }: Calls) {
    const calls = all.map(({ name }) => name);
    this.#requests = new Map(calls.map((call) => [call, { sent: 0, retries: 0, rows: 0, failed: 0 }]));
    this.#timers = new Map([...calls, TOTAL].map((step) => [step, memberTimer(step)]));
  }

  /** Requests by call. */
  get requests(): Summary['requests'] {
    const counted = [...this.#requests].map(([call, requests]) => {
      const span = this.#timers.get(call)?.statistics().span;
      return [call, { ...requests, ...ratesOf(requests, span) }] as const;
    });
    return Object.fromEntries(counted);
  }

  /** Rejected rows by problem, the most frequent first. */
  get rejections(): Summary['rejections'] {
    const counts = [...this.#problems].map(([problem, rows]) => ({ problem, rows }));
    return counts.toSorted((a, b) => b.rows - a.rows);
  }

  /** Calls that failed for good by endpoint and HTTP status, the most frequent first. */
  get failures(): Summary['failures'] {
    return [...this.#failures.values()].toSorted((a, b) => b.calls - a.calls);
  }

  /** Adds the facts of a batch as a whole. Its members are added one by one. */
  addBatch(result: Pick<Result, 'wait' | 'spans' | 'requests' | 'members'>): void {
    const { wait, spans } = result;
    this.addWait('predict', wait);
    this.#addRequests(requestsOf(result));
    for (const [step, timer] of this.#timers) {
      const span = spans[step];
      if (span !== undefined) timer.cover(span);
    }
  }

  addMember(member: ScoredMember): void {
    const { outcome } = member;
    this.members.total += 1;
    for (const [step, timer] of this.#timers) {
      const durationMs = timed(member, step);
      if (durationMs !== undefined) timer.observe(durationMs);
    }
    if (outcome.status === 'SCORED') {
      this.members.scored += 1;
      return;
    }
    this.members.failed += 1;
    for (const failure of outcome.failures) this.#addFailure(failure);
  }

  addRejected({ problem }: RejectedRow): void {
    this.#problems.set(problem, (this.#problems.get(problem) ?? 0) + 1);
  }

  /** Adds the time from an object's creation to the start of its stage. */
  addWait(stage: Stage, wait: Span): void {
    this.#wait.add(wait);
    this.#waits[stage].add(wait);
  }

  /** All steps of the run so far: those of the features stage, the calls for members, and the waits between stages. */
  steps(manifest: Manifest): Step[] {
    const timers = [...this.#timers.values(), this.#wait, ...STAGES.map((stage) => this.#waits[stage])];
    return [...manifest.steps, ...timers.map((timer) => timer.statistics())];
  }

  /** FAILED when no member was scored, PARTIAL when some were not or more rows were rejected than may be. */
  verdict(manifest: Manifest): Pick<Summary, 'status' | 'reason'> {
    if (manifest.reason !== undefined) return { status: 'FAILED', reason: manifest.reason };
    const { scored, failed } = this.members;
    const reasons = [this.#failedMembers(), this.#rejectedRows(manifest)].filter((reason) => reason !== undefined);
    if (reasons.length === 0) return { status: 'COMPLETE' };
    return { status: scored === 0 && failed > 0 ? 'FAILED' : 'PARTIAL', reason: reasons.join('. ') };
  }

  #failedMembers(): string | undefined {
    const { total, failed } = this.members;
    if (failed === 0) return undefined;
    return `${failed} of ${total} members could not be scored; most often: ${this.failures[0]?.example}`;
  }

  #rejectedRows({ rows, partnerFile }: Manifest): string | undefined {
    const tooMany = tooManyRejected({ rows, maxRejectedShare: partnerFile?.definition.input.maxRejectedShare });
    const [mostFrequent] = this.rejections;
    return tooMany && mostFrequent ? `${tooMany}; most often: ${mostFrequent.problem}` : tooMany;
  }

  #addFailure({ step, status, message }: Failure): void {
    const requests = step === PREDICT_STEP ? undefined : this.#requests.get(step);
    if (requests !== undefined) requests.failed += 1;
    const key = `${step} ${status}`;
    const known = this.#failures.get(key);
    if (known !== undefined) known.calls += 1;
    else this.#failures.set(key, { step, ...(status === undefined ? {} : { status }), calls: 1, example: message });
  }

  #addRequests(byCall: RequestsByCall): void {
    for (const [call, known] of this.#requests) {
      const { requests = 0, retries = 0, rows = 0 } = byCall[call] ?? {};
      known.sent += requests;
      known.retries += retries;
      known.rows += rows;
    }
  }
}

function ratesOf({ sent, rows }: { sent: number; rows: number }, span: Span | undefined) {
  const seconds = span === undefined ? 0 : (span.to - span.from) / 1000;
  return seconds > 0 ? { requestsPerSecond: sent / seconds, rowsPerSecond: rows / seconds } : {};
}

/** All requests that a member was in, alone or with others. */
export function requestsFor({ attempts }: Pick<ScoredMember, 'attempts'>): number {
  let sum = 0;
  for (const call in attempts) sum += attempts[call] ?? 0;
  return sum;
}

/**
 * How long a member's call took, or all of its calls, milliseconds; undefined when no request was sent. A call that
 * failed without a request says nothing about the endpoint's speed, however long it waited for one that is down.
 */
export function timed({ attempts, latency }: ScoredMember, step: string): number | undefined {
  const sent = step === TOTAL ? requestsFor({ attempts }) : (attempts[step] ?? 0);
  return sent > 0 ? latency[step] : undefined;
}
