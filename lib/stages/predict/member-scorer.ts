import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import type { Endpoints, ModelEndpoint, OfferEndpoint } from '../../endpoints/endpoints.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { RequestStatistics } from '../../endpoints/request-statistics.ts';
import { OFFER } from '../../partners/labels.ts';
import type { Row } from '../../protocols/protocol.ts';
import type { Failure, Member, MemberLatency, Outcome, Result, ScoredMember } from '../../run/contracts.ts';
import type { Span } from '../../timing/clock.ts';
import { now } from '../../timing/clock.ts';
import { TOTAL } from '../../timing/steps.ts';
import type { Settled } from './asked-rows.ts';
import { Gatherer } from './gatherer.ts';
import type { Place } from './places.ts';

export interface ScorerOptions {
  /** How many requests each endpoint is sent at the same time. Without it, as many as there are members. */
  concurrency?: number;
  /** The deadline of every call, see `CallOptions`. */
  deadline?: number;
  /** Counts the requests of a call. */
  statistics?: (call: string) => RequestStatistics;
}

/** Predictions by the names of their models. */
type Scores = Record<string, number>;

/** Has rows answered. @param place of the members that they are about */
type Ask<T> = (rows: readonly Row[], place: Place | undefined) => Promise<Settled<T>[]>;

/** A call that is made for each member. */
interface Asked<T> {
  name: string;
  ask: Ask<T>;
}

/**
 * So many members are scored together where requests have several rows: alone, each would take as long for its promises as
 * for all else. Requests are cut otherwise, see `Gatherer`. When time is up, what is not whole is scored again.
 */
const TOGETHER = 100;

/** Scores members, some at a time and side by side, and records for each call when the first began and the last ended. */
export class Scorer {
  readonly #calls: readonly string[];
  readonly #models: readonly (Asked<number> & Pick<ModelEndpoint, 'rowOf'>)[];
  readonly #offer: (Asked<string> & Pick<OfferEndpoint, 'rowOf'>) | undefined;
  /** How many members are best scored together. */
  readonly together: number;
  /** How many times as many are scored side by side, so that requests are full. */
  readonly sideBySide: number;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints, { concurrency = Number.POSITIVE_INFINITY, ...options }: ScorerOptions = {}) {
    const mostRows = Math.max(1, ...[...endpoints.byCall.values()].map(({ limits }) => limits.rows));
    this.together = Math.min(mostRows, TOGETHER);
    this.sideBySide = concurrency * Math.ceil(mostRows / this.together);
    this.#calls = [...endpoints.byCall.keys()];
    const asked = <T>(name: string, endpoint: Callable<T>): Asked<T> => {
      const callOptions = callOptionsOf(name, options);
      // Where no request has several rows, each member makes its own requests, and members are as many as requests.
      if (mostRows === 1) return { name, ask: (rows, place) => askEach(endpoint, rows, callOptions, place) };
      const gatherer = new Gatherer(endpoint, concurrency, callOptions);
      return { name, ask: (rows) => gatherer.ask(rows) };
    };
    this.#models = endpoints.models.map(({ name, endpoint, rowOf }) => ({ ...asked(name, endpoint), rowOf }));
    const { offer } = endpoints;
    this.#offer = offer && { ...asked(OFFER, offer.endpoint), rowOf: offer.rowOf };
  }

  /** As `scoreAll`, for one member. */
  async score(member: Member, place?: Place): Promise<ScoredMember> {
    const [scored] = await this.scoreAll([member], place);
    if (scored === undefined) throw new Error('a member has not been scored');
    return scored;
  }

  /**
   * Calls the models side by side, then the offer service, if there is one. A failed call becomes the member's outcome;
   * it never throws.
   *
   * @param place the members' place among those that are scored at the same time; without one there is no limit
   */
  async scoreAll(members: readonly Member[], place?: Place): Promise<ScoredMember[]> {
    const predicted = await Promise.all(
      this.#models.map(({ ask, rowOf }) =>
        ask(
          members.map(({ features }) => rowOf(features)),
          place,
        ),
      ),
    );
    const scores = members.map((_, index) => this.#scoresOf(predicted, index));
    const offers = await this.#offersFor(scores, place);
    return members.map((member, index) => {
      const calls: (Settled<number | string> | undefined)[] = [];
      for (const settled of predicted) calls.push(settled[index]);
      const offer = offers[index];
      if (offer !== undefined) calls.push(offer);
      const outcome = offered(scores[index], offer) ?? this.#outcomeOf(calls);
      const { latency, attempts } = this.#record(calls);
      return { ...member, outcome, latency, attempts };
    });
  }

  /** For members that have all predictions. */
  async #offersFor(
    scores: readonly (Scores | undefined)[],
    place: Place | undefined,
  ): Promise<(Settled<string> | undefined)[]> {
    const offer = this.#offer;
    if (offer === undefined) return [];
    const whole = scores.filter((own) => own !== undefined);
    if (whole.length === 0) return [];
    const settled = await offer.ask(whole.map(offer.rowOf), place);
    let next = 0;
    return scores.map((own) => (own === undefined ? undefined : settled[next++]));
  }

  /** All of a member's predictions; undefined when one is missing. */
  #scoresOf(predicted: readonly Settled<number>[][], index: number): Scores | undefined {
    const scores: Scores = {};
    for (const [model, { name }] of this.#models.entries()) {
      const call = predicted[model]?.[index];
      if (call === undefined || 'failure' in call) return undefined;
      scores[name] = call.value;
    }
    return scores;
  }

  /** @param calls of the models, in their order, and then the offer's, if it was asked */
  #outcomeOf(calls: readonly (Settled<number | string> | undefined)[]): Outcome {
    const scores: Scores = {};
    const failures: Failure[] = [];
    for (const [index, name] of this.#calls.entries()) {
      const call = calls[index];
      if (call === undefined) continue;
      if ('failure' in call) failures.push(failureOf(name, call.failure, call.attempts));
      else if (typeof call.value === 'number') scores[name] = call.value;
    }
    return failures.length > 0 ? { status: 'FAILED', ...scores, failures } : { status: 'SCORED', ...scores };
  }

  /** A call lasts as long as the requests that had the member, all of them from the first to the last. */
  #record(calls: readonly (Settled<unknown> | undefined)[]): Pick<ScoredMember, 'latency' | 'attempts'> {
    const latency: MemberLatency = { total: 0 };
    const attempts: Record<string, number> = {};
    const total: Span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
    for (const [index, name] of this.#calls.entries()) {
      const call = calls[index];
      attempts[name] = call?.attempts ?? 0;
      if (call === undefined) continue;
      const { from, to } = call.span;
      latency[name] = to - from;
      this.#cover(name, call.span);
      total.from = Math.min(total.from, from);
      total.to = Math.max(total.to, to);
    }
    latency.total = total.to - total.from;
    this.#cover(TOTAL, total);
    return { latency, attempts };
  }

  /** Widens a step's wall clock. */
  #cover(step: string, { from, to }: Span): void {
    const known = this.spans[step];
    if (known !== undefined && known.from <= from && known.to >= to) return;
    this.spans[step] = { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) };
  }
}

/** Most members: they have all predictions, and the offer. */
function offered(scores: Scores | undefined, offer: Settled<string> | undefined): Outcome | undefined {
  if (scores === undefined || offer === undefined || 'failure' in offer) return undefined;
  return { status: 'SCORED', ...scores, offer: offer.value };
}

function callOptionsOf(call: string, { deadline, statistics }: ScorerOptions): CallOptions {
  return { ...(deadline !== undefined && { deadline }), ...(statistics && { statistics: statistics(call) }) };
}

/** Makes a call of its own for each row. */
function askEach<T>(
  endpoint: Callable<T>,
  rows: readonly Row[],
  options: CallOptions,
  place: Place | undefined,
): Promise<Settled<T>[]> {
  return Promise.all(rows.map((row) => askAlone(endpoint, row, options, place)));
}

/** A call that gives the member's place to others while it waits for its next attempt. */
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
