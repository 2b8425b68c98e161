import type { Answer, CallOptions } from '../../endpoints/call.ts';
import type { Endpoints, ModelEndpoint } from '../../endpoints/endpoints.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import { OFFER } from '../../partners/labels.ts';
import { mapNames } from '../../registry.ts';
import type { Failure, Member, MemberLatency, Outcome, Result, ScoredMember } from '../../run/contracts.ts';
import type { Span } from '../../timing/clock.ts';
import { now } from '../../timing/clock.ts';
import { TOTAL } from '../../timing/steps.ts';
import type { Place } from './places.ts';

export interface ScorerOptions {
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

/** Scores members, one at a time or side by side, and records for each call when the first began and the last ended. */
export class Scorer {
  readonly #endpoints: Endpoints;
  readonly #calls: readonly string[];
  readonly #options: ReadonlyMap<string, CallOptions>;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints, { deadline, statistics }: ScorerOptions = {}) {
    this.#endpoints = endpoints;
    this.#calls = [...endpoints.byCall.keys()];
    this.#options = new Map(this.#calls.map((call) => [call, { deadline, statistics: statistics?.(call) }]));
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
    const called = <T>(call: string, send: (options: CallOptions) => Promise<Answer<T>>) =>
      this.#timed(call, latency, () => inPlace(place, this.#options.get(call) ?? {}, send));
    const predicted: Predicted = {};
    const predict = async ({ name, endpoint, requestOf }: ModelEndpoint) => {
      const request = requestOf(member.features);
      predicted[name] = await called(name, (options) => endpoint.call(request, options));
    };
    await Promise.all(this.#endpoints.models.map(predict));
    const scores = this.#scoresIn(predicted);
    const { offer: service } = this.#endpoints;
    const offer =
      service &&
      scores &&
      (await called(OFFER, (options) => service.endpoint.call(service.requestOf(scores), options)));
    latency.total = this.#cover(TOTAL, from);
    const outcome = scores ? offered(scores, offer) : this.#withoutScores(predicted);
    const calls: Record<string, { attempts: number } | undefined> = { ...predicted, [OFFER]: offer };
    return { ...member, outcome, latency, attempts: mapNames(this.#calls, (call) => calls[call]?.attempts ?? 0) };
  }

  /** All of the run's predictions; undefined when one is missing. */
  #scoresIn(predicted: Predicted): Scores | undefined {
    const known = this.#valuesIn(predicted);
    return this.#endpoints.models.every(({ name }) => known[name] !== undefined) ? known : undefined;
  }

  #valuesIn(predicted: Predicted): Scores {
    const values: Scores = {};
    for (const { name } of this.#endpoints.models) {
      const call = predicted[name];
      if (call !== undefined && 'value' in call) values[name] = call.value;
    }
    return values;
  }

  #withoutScores(predicted: Predicted): Outcome {
    const failures = this.#endpoints.models.flatMap(({ name }) => {
      const call = predicted[name];
      return call !== undefined && 'failure' in call ? [call.failure] : [];
    });
    return { status: 'FAILED', ...this.#valuesIn(predicted), failures };
  }

  async #timed<T>(call: string, latency: MemberLatency, send: () => Promise<Answer<T>>): Promise<Called<T>> {
    const from = now();
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      return { attempts: error.attempts, failure: failureOf(call, error) };
    } finally {
      latency[call] = this.#cover(call, from);
    }
  }

  /** Widens a step's wall clock to now; returns the milliseconds since `from`. */
  #cover(step: string, from: number): number {
    const to = now();
    const known: Span = this.spans[step] ?? { from, to };
    this.spans[step] = { from: Math.min(known.from, from), to: Math.max(known.to, to) };
    return to - from;
  }
}

/** Makes a call that gives the member's place to others while it waits for its next attempt. */
function inPlace<T>(place: Place | undefined, options: CallOptions, send: (options: CallOptions) => Promise<T>) {
  if (place === undefined) return send(options);
  return place.use(() => send({ ...options, rest: (milliseconds) => place.rest(milliseconds) }));
}

function failureOf(step: string, { status, attempts, message }: CallFailedError): Failure {
  return { step, status, attempts, message };
}

/** @param call undefined where the run ends with predictions */
function offered(scores: Scores, call: Called<string> | undefined): Outcome {
  if (call === undefined) return { status: 'SCORED', ...scores };
  return 'value' in call
    ? { status: 'SCORED', ...scores, offer: call.value }
    : { status: 'FAILED', ...scores, failures: [call.failure] };
}
