import type { Call, Member, Outcome, Result, ScoredMember, Span } from '../contracts.ts';
import { type Answer, CallFailedError } from '../endpoints/endpoint.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import { offerRequest, predictionRequest } from '../endpoints/requests.ts';
import { now } from '../timing.ts';

type Latency = ScoredMember['latency'];

/** One call, whatever came of it. */
type Called<T> = { attempts: number } & ({ value: T } | { error: string });

/** Scores members one at a time or side by side, and keeps when the first call began and the last one ended. */
export class Scorer {
  readonly #endpoints: Endpoints;
  readonly spans: Result['spans'] = {};

  constructor(endpoints: Endpoints) {
    this.#endpoints = endpoints;
  }

  /** ATS and RESP side by side, then the offer. Never throws: a failed call is this member's outcome. */
  async score(member: Member): Promise<ScoredMember> {
    const { ats, resp, offer } = this.#endpoints;
    const from = now();
    const latency: Latency = { total: 0 };
    const features = predictionRequest(member.features);
    const predictions = await Promise.all([
      this.#timed('ats', latency, () => ats.call(features)),
      this.#timed('resp', latency, () => resp.call(features)),
    ]);
    const [atsCall, respCall] = predictions;
    let attempts = atsCall.attempts + respCall.attempts;
    let outcome: Outcome;
    if ('value' in atsCall && 'value' in respCall) {
      const scores = { ats: atsCall.value.prediction, resp: respCall.value.prediction };
      const request = offerRequest(scores.ats, scores.resp);
      const offerCall = await this.#timed('offer', latency, () => offer.call(request));
      attempts += offerCall.attempts;
      outcome =
        'value' in offerCall
          ? { status: 'SCORED', ...scores, offer: offerCall.value.offer }
          : { status: 'FAILED', ...scores, error: offerCall.error };
    } else {
      outcome = failedPrediction(atsCall, respCall);
    }
    latency.total = this.#cover('total', from);
    return { ...member, outcome, latency, attempts };
  }

  async #timed<T>(call: Call, latency: Latency, send: () => Promise<Answer<T>>): Promise<Called<T>> {
    const from = now();
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      return { error: error.message, attempts: error.attempts };
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

function failedPrediction(ats: Called<{ prediction: number }>, resp: Called<{ prediction: number }>): Outcome {
  return {
    status: 'FAILED',
    ...('value' in ats ? { ats: ats.value.prediction } : {}),
    ...('value' in resp ? { resp: resp.value.prediction } : {}),
    error: [ats, resp].flatMap((call) => ('error' in call ? [call.error] : [])).join('; '),
  };
}
