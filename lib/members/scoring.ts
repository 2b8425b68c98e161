import type { Call } from '../calls.ts';
import type { Failure, Member, Outcome, Result, ScoredMember, Span } from '../contracts.ts';
import type { Answer, CallOptions } from '../endpoints/call.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import { CallFailedError } from '../endpoints/errors.ts';
import { offerRequest, predictionRequest } from '../endpoints/requests.ts';
import type { Traffic } from '../endpoints/traffic.ts';
import { now } from '../timing.ts';
import type { Place } from './places.ts';

export interface ScorerOptions {
  /** Of every call, see `CallOptions`. */
  deadline?: number;
  /** What the calls' requests are counted in. */
  traffic?: Readonly<Partial<Record<Call, Traffic>>>;
}

type Latency = ScoredMember['latency'];

/** One call, whatever came of it. */
type Called<T> = { attempts: number } & ({ value: T } | { failure: Failure });

/** Scores members one at a time or side by side, and keeps when the first call began and the last one ended. */
export class Scorer {
  readonly #endpoints: Endpoints;
  readonly #options: Record<Call, CallOptions>;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints, { deadline, traffic = {} }: ScorerOptions = {}) {
    this.#endpoints = endpoints;
    const options = (call: Call): CallOptions => ({ deadline, traffic: traffic[call] });
    this.#options = { ats: options('ats'), resp: options('resp'), offer: options('offer') };
  }

  /**
   * ATS and RESP side by side, then the offer. Never throws: a failed call is this member's outcome.
   *
   * @param place that the member has; without one it keeps nobody waiting
   */
  async score(member: Member, place?: Place): Promise<ScoredMember> {
    const from = now();
    const latency: Latency = { total: 0 };
    const request = predictionRequest(member.features);
    const called = <T>(call: Call, send: (options: CallOptions) => Promise<Answer<T>>) =>
      this.#timed(call, latency, () => inPlace(place, this.#options[call], send));
    const [ats, resp] = await Promise.all([
      called('ats', (options) => this.#endpoints.ats.call(request, options)),
      called('resp', (options) => this.#endpoints.resp.call(request, options)),
    ]);
    const attempts = { ats: ats.attempts, resp: resp.attempts, offer: 0 };
    if (!('value' in ats && 'value' in resp)) {
      const outcome = failedPrediction(ats, resp);
      latency.total = this.#cover('total', from);
      return { ...member, outcome, latency, attempts };
    }
    const scores = { ats: ats.value.prediction, resp: resp.value.prediction };
    const offer = await called('offer', (options) =>
      this.#endpoints.offer.call(offerRequest(scores.ats, scores.resp), options),
    );
    latency.total = this.#cover('total', from);
    return { ...member, outcome: offered(scores, offer), latency, attempts: { ...attempts, offer: offer.attempts } };
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

/** Makes a call that leaves the member's place while it waits for another attempt. */
function inPlace<T>(place: Place | undefined, options: CallOptions, send: (options: CallOptions) => Promise<T>) {
  if (place === undefined) return send(options);
  return place.use(() => send({ ...options, rest: (milliseconds) => place.rest(milliseconds) }));
}

function failureOf(step: Call, { status, attempts, message }: CallFailedError): Failure {
  return { step, status, attempts, message };
}

function offered(scores: { ats: number; resp: number }, call: Called<{ offer: string }>): Outcome {
  return 'value' in call
    ? { status: 'SCORED', ...scores, offer: call.value.offer }
    : { status: 'FAILED', ...scores, failures: [call.failure] };
}

function failedPrediction(ats: Called<{ prediction: number }>, resp: Called<{ prediction: number }>): Outcome {
  return {
    status: 'FAILED',
    ...('value' in ats ? { ats: ats.value.prediction } : {}),
    ...('value' in resp ? { resp: resp.value.prediction } : {}),
    failures: [ats, resp].flatMap((call) => ('failure' in call ? [call.failure] : [])),
  };
}
