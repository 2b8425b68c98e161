import { type Call, mapPredictions } from '../../lib/calls.ts';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
import { CallFailedError } from '../../lib/endpoints/errors.ts';
import {
  type ModelInput,
  modelInputSchema,
  type OfferRequest,
  offerFor,
  REFERENCE_MODELS,
} from '../../lib/endpoints/reference-services.ts';
import type { Invocation } from './invocation.ts';

/** One call as it reached the endpoints. */
export interface ReceivedCall {
  invocation: Invocation;
  call: Call;
  memberId: string;
}

/**
 * The three services. They know members by what is sent for them: see `pointsOf`, which gives each member points of its
 * own. What they answer is what the reference services would.
 */
export class FakeServices {
  readonly calls: ReceivedCall[] = [];
  /** Members that are refused for the time being. */
  refused: ReadonlySet<string> = new Set();
  onCall: (call: ReceivedCall) => void = () => undefined;

  /** The services as one invocation calls them. */
  for(invocation: Invocation): Endpoints {
    const endpoint = <T>(call: Call, answer: (body: string) => { memberId: string; value: T }) => ({
      renewWait: () => undefined,
      takeOpenings: () => 0,
      isDown: false,
      call: (body: string) => {
        const { memberId, value } = answer(body);
        return invocation.turn(`asks ${call} for ${memberId}`, () => {
          this.#receive({ invocation, call, memberId });
          return { value, attempts: 1 };
        });
      },
    });
    const prediction = (predict: (features: ModelInput) => number) => (body: string) => {
      const features = modelInputSchema.parse(JSON.parse(body));
      return { memberId: memberOf(features.AVG_POINTS_BOUGHT), value: { prediction: predict(features) } };
    };
    const offer = (body: string) => {
      const predictions: OfferRequest = JSON.parse(body);
      return { memberId: memberOf(predictions.ats_prediction), value: { offer: offerFor(predictions) } };
    };
    return {
      ...mapPredictions((name) => endpoint(name, prediction(REFERENCE_MODELS[name]))),
      offer: endpoint('offer', offer),
      prepare: () => invocation.turn('asks for credentials', () => undefined),
    } as unknown as Endpoints;
  }

  #receive(call: ReceivedCall): void {
    this.calls.push(call);
    this.onCall(call);
    if (call.call !== 'offer' && this.refused.has(call.memberId)) {
      throw new CallFailedError(`${call.call} answered 500: not this one`, 1, undefined);
    }
  }
}

/** Of a member's only transaction, a buy, so that its prediction is the same number. */
export function pointsOf(memberId: string): number {
  return 100 * Number(memberId.slice(1));
}

function memberOf(points: number): string {
  return `M${Math.round(points / 100)}`;
}
