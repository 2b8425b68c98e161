import { CALLS, type Call, mapCalls, PREDICTIONS, type Prediction } from '../../calls.ts';
import type { Answer, CallOptions } from '../../endpoints/call.ts';
import type { Endpoints } from '../../endpoints/endpoints.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import { offerRequest, predictionRequest } from '../../endpoints/requests.ts';
import type { Failure, Member, Outcome, Result, ScoredMember } from '../../run/contracts.ts';
import type { Span } from '../../timing/clock.ts';
import { now } from '../../timing/clock.ts';
import type { Place } from './places.ts';

export interface ScorerOptions {
  /** The calls that the run makes for each member; by default all calls of this version. */
  calls?: readonly Call[];
  /** The deadline of every call, see `CallOptions`. */
  deadline?: number;
  /** Counts the requests of each call. */
  statistics?: Readonly<Partial<Record<Call, RequestStatistics>>>;
}

type Latency = ScoredMember['latency'];

/** One call, whether it succeeded or failed. */
type Called<T> = { attempts: number } & ({ value: T } | { failure: Failure });

type Scores = Partial<Record<Prediction, number>>;
type Predicted = Partial<Record<Prediction, Called<{ prediction: number }>>>;

/** Scores members, one at a time or side by side, and records for each call when the first began and the last ended. */
export class Scorer {
  readonly #endpoints: Endpoints;
  readonly #predictions: readonly Prediction[];
  readonly #options: Record<Call, CallOptions>;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints, { calls = CALLS, deadline, statistics = {} }: ScorerOptions = {}) {
    this.#endpoints = endpoints;
    this.#predictions = PREDICTIONS.filter((prediction) => calls.includes(prediction));
    this.#options = mapCalls((call) => ({ deadline, statistics: statistics[call] }));
  }

  /**
   * Calls the models side by side, then the offer service. A failed call becomes the member's outcome; it never throws.
   *
   * @param place the member's place among those that are scored at the same time; without one there is no limit
   */
  async score(member: Member, place?: Place): Promise<ScoredMember> {
    const from = now();
    const latency: Latency = { total: 0 };
    const called = <T>(call: Call, send: (options: CallOptions) => Promise<Answer<T>>) =>
      this.#timed(call, latency, () => inPlace(place, this.#options[call], send));
    const request = predictionRequest(member.features);
    const predicted: Predicted = {};
    const predict = async (prediction: Prediction) => {
      predicted[prediction] = await called(prediction, (options) => this.#endpoints[prediction].call(request, options));
    };
    await Promise.all(this.#predictions.map(predict));
    const scores = this.#scoresIn(predicted);
    const offer =
      scores && (await called('offer', (options) => this.#endpoints.offer.call(offerRequest(scores), options)));
    latency.total = this.#cover('total', from);
    const outcome = scores && offer ? offered(scores, offer) : withoutOffer(predicted);
    const calls: Partial<Record<Call, { attempts: number } | undefined>> = { ...predicted, offer };
    return { ...member, outcome, latency, attempts: mapCalls((call) => calls[call]?.attempts ?? 0) };
  }

  /** All of the run's predictions; undefined when one is missing. */
  #scoresIn(predicted: Predicted): Scores | undefined {
    const known = valuesIn(predicted);
    return this.#predictions.every((prediction) => known[prediction] !== undefined) ? known : undefined;
  }

  async #timed<T>(call: Call, latency: Latency, send: () => Promise<Answer<T>>): Promise<Called<T>> {
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
  #cover(step: keyof Result['spans'], from: number): number {
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

function failureOf(step: Call, { status, attempts, message }: CallFailedError): Failure {
  return { step, status, attempts, message };
}

function valuesIn(predicted: Predicted): Scores {
  const values: Scores = {};
  for (const prediction of PREDICTIONS) {
    const call = predicted[prediction];
    if (call !== undefined && 'value' in call) values[prediction] = call.value.prediction;
  }
  return values;
}

function offered(scores: Scores, call: Called<{ offer: string }>): Outcome {
  return 'value' in call
    ? { status: 'SCORED', ...scores, offer: call.value.offer }
    : { status: 'FAILED', ...scores, failures: [call.failure] };
}

function withoutOffer(predicted: Predicted): Outcome {
  const failures = PREDICTIONS.flatMap((prediction) => {
    const call = predicted[prediction];
    return call !== undefined && 'failure' in call ? [call.failure] : [];
  });
  return { status: 'FAILED', ...valuesIn(predicted), failures };
}
