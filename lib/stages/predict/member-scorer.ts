import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import type { Endpoints, ModelEndpoint } from '../../endpoints/endpoints.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import { OFFER } from '../../partners/labels.ts';
import type { Row } from '../../protocols/protocol.ts';
import { mapNames } from '../../registry.ts';
import type { Failure, Member, MemberLatency, Outcome, Result, ScoredMember } from '../../run/contracts.ts';
import type { Span } from '../../timing/clock.ts';
import { now } from '../../timing/clock.ts';
import { TOTAL } from '../../timing/steps.ts';
import { Gatherer } from './gatherer.ts';
import type { Place } from './places.ts';
import type { Settled } from './waiting-row.ts';

export interface ScorerOptions {
  /** How many requests each endpoint is sent at the same time. Without it, as many as there are members. */
  concurrency?: number;
  /** The deadline of every call, see `CallOptions`. */
  deadline?: number;
  /** Counts the requests of a call. */
  statistics?: (call: string) => RequestStatistics;
}

/** One call, whether it succeeded or failed. */
type Called<T> = { attempts: number } & ({ value: T } | { failure: Failure });

/** Predictions by the names of their models. */
type Scores = Record<string, number>;
type Predicted = Record<string, Called<number>>;

/** Has one row answered. @param place of the member that it is about */
type Ask<T> = (row: Row, place: Place | undefined) => Promise<Settled<T>>;

/** A call that is made for each member. */
interface Asked<T> {
  name: string;
  ask: Ask<T>;
}

/** Scores members, one at a time or side by side, and records for each call when the first began and the last ended. */
export class Scorer {
  readonly #calls: readonly string[];
  readonly #models: readonly (Asked<number> & Pick<ModelEndpoint, 'rowOf'>)[];
  readonly #offer: (Asked<string> & { rowOf: (scores: Scores) => Row }) | undefined;
  /** How many members had better be scored at the same time, so that the endpoints' requests are full. */
  readonly membersAtATime: number;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints, options: ScorerOptions = {}) {
    const { concurrency = Number.POSITIVE_INFINITY } = options;
    const rows = [...endpoints.byCall.values()].map(({ limits }) => limits.rows);
    const mostRows = Math.max(1, ...rows);
    this.#calls = [...endpoints.byCall.keys()];
    this.membersAtATime = concurrency * mostRows;
    const asked = <T>(name: string, endpoint: Callable<T>): Asked<T> => {
      const { deadline, statistics } = options;
      const callOptions = { ...(deadline !== undefined && { deadline }), ...statisticsOf(statistics, name) };
      // Where no request has several rows, each member makes its own requests, and members are as many as requests.
      if (mostRows === 1) return { name, ask: (row, place) => askAlone(endpoint, row, callOptions, place) };
      const gatherer = new Gatherer(endpoint, concurrency, callOptions);
      return { name, ask: (row) => gatherer.ask(row) };
    };
    this.#models = endpoints.models.map(({ name, endpoint, rowOf }) => ({ ...asked(name, endpoint), rowOf }));
    const { offer } = endpoints;
    this.#offer = offer && { ...asked(OFFER, offer.endpoint), rowOf: offer.rowOf };
  }

  /**
   * Calls the models side by side, then the offer service, if there is one. A failed call becomes the member's outcome;
   * it never throws.
   *
   * @param place the member's place among those that are scored at the same time; without one there is no limit
   */
  async score(member: Member, place?: Place): Promise<ScoredMember> {
    const from = now();
    const latency: MemberLatency = { total: 0 };
    const predicted: Predicted = {};
    await Promise.all(
      this.#models.map(async ({ name, ask, rowOf }) => {
        predicted[name] = this.#record(name, latency, await ask(rowOf(member.features), place));
      }),
    );
    const scores = this.#scoresIn(predicted);
    const offer =
      this.#offer && scores && this.#record(OFFER, latency, await this.#offer.ask(this.#offer.rowOf(scores), place));
    const to = now();
    this.#cover(TOTAL, { from, to });
    latency.total = to - from;
    const outcome = scores ? offered(scores, offer) : this.#withoutScores(predicted);
    const calls: Record<string, { attempts: number } | undefined> = { ...predicted, [OFFER]: offer };
    return { ...member, outcome, latency, attempts: mapNames(this.#calls, (call) => calls[call]?.attempts ?? 0) };
  }

  /** All of the run's predictions; undefined when one is missing. */
  #scoresIn(predicted: Predicted): Scores | undefined {
    const known = this.#valuesIn(predicted);
    return this.#models.every(({ name }) => known[name] !== undefined) ? known : undefined;
  }

  #valuesIn(predicted: Predicted): Scores {
    const values: Scores = {};
    for (const { name } of this.#models) {
      const call = predicted[name];
      if (call !== undefined && 'value' in call) values[name] = call.value;
    }
    return values;
  }

  #withoutScores(predicted: Predicted): Outcome {
    const failures = this.#models.flatMap(({ name }) => {
      const call = predicted[name];
      return call !== undefined && 'failure' in call ? [call.failure] : [];
    });
    return { status: 'FAILED', ...this.#valuesIn(predicted), failures };
  }

  #record<T>(call: string, latency: MemberLatency, settled: Settled<T>): Called<T> {
    const { span, attempts } = settled;
    this.#cover(call, span);
    latency[call] = span.to - span.from;
    return 'value' in settled ? settled : { attempts, failure: failureOf(call, settled.failure, attempts) };
  }

  /** Widens a step's wall clock. */
  #cover(step: string, { from, to }: Span): void {
    const known = this.spans[step];
    this.spans[step] = { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) };
  }
}

function statisticsOf(statistics: ScorerOptions['statistics'], call: string): Pick<CallOptions, 'statistics'> {
  return statistics === undefined ? {} : { statistics: statistics(call) };
}

/** Makes a call that gives the member's place to others while it waits for its next attempt. */
async function askAlone<T>(
  endpoint: Callable<T>,
  row: Row,
  options: CallOptions,
  place: Place | undefined,
): Promise<Settled<T>> {
  const from = now();
  const send = () =>
    endpoint.call(
      row,
      place === undefined ? options : { ...options, rest: (milliseconds) => place.rest(milliseconds) },
    );
  try {
    const { value, attempts } = await (place === undefined ? send() : place.use(send));
    return { value, attempts, span: { from, to: now() } };
  } catch (error) {
    if (!(error instanceof CallFailedError)) throw error;
    return { failure: error, attempts: error.attempts, span: { from, to: now() } };
  }
}

function failureOf(step: string, { status, message }: CallFailedError, attempts: number): Failure {
  return { step, status, attempts, message };
}

/** @param call undefined where the run ends with predictions */
function offered(scores: Scores, call: Called<string> | undefined): Outcome {
  if (call === undefined) return { status: 'SCORED', ...scores };
  return 'value' in call
    ? { status: 'SCORED', ...scores, offer: call.value }
    : { status: 'FAILED', ...scores, failures: [call.failure] };
}
