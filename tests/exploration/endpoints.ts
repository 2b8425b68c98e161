import type { CallOptions, RowsRequest } from '../../lib/endpoints/call.ts';
import type { Callable } from '../../lib/endpoints/callable.ts';
import { CallFailedError, rejection } from '../../lib/endpoints/errors.ts';
import {
  type ModelInput,
  modelInputSchema,
  offerFor,
  REFERENCE_MODELS,
} from '../../lib/endpoints/reference-services.ts';
import { offerRows, predictionRows } from '../../lib/endpoints/requests.ts';
import type { Row } from '../../lib/protocols/protocol.ts';
import type { EndpointSource } from '../../lib/stages/predict/score-batch.ts';
import { callable } from '../builders/callables.ts';
import { type Call, PREDICTIONS } from '../default-calls.ts';
import type { Invocation } from './invocation.ts';

/** One call as it reached the endpoints. */
export interface ReceivedCall {
  invocation: Invocation;
  call: Call;
  memberId: string;
  isAnswered: boolean;
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
  readonly #rows: number;

  /** @param rows in one request, at the most */
  constructor(rows = 1) {
    this.#rows = rows;
  }

  /** The services as one invocation calls them. */
  for(invocation: Invocation): EndpointSource {
    const endpoint = <T>(call: Call, answer: (row: Row) => { memberId: string; value: T }): Callable<T> => {
      const callAll = async ({ rows }: RowsRequest, { statistics }: CallOptions = {}) => {
        const answers = rows.map(answer);
        const memberIds = answers.map(({ memberId }) => memberId);
        return invocation.turn(`asks ${call} for ${memberIds.join(' and ')}`, () => {
          statistics?.send(false, rows.length);
          this.#receive(invocation, call, memberIds);
          return { rows: answers.map(({ value }) => ({ value })), attempts: 1 };
        });
      };
      const alone = async (row: Row, options?: CallOptions) => {
        const { attempts } = await callAll({ rows: [row], body: '' }, options);
        return { value: answer(row).value, attempts };
      };
      return { ...callable(call, alone, { rows: this.#rows, bytes: 1_000_000 }), callAll };
    };
    const prediction = (predict: (features: ModelInput) => number) => (row: Row) => {
      const features = modelInputSchema.parse(row);
      return { memberId: memberOf(features.AVG_POINTS_BOUGHT), value: predict(features) };
    };
    const offer = ({ ats_prediction = Number.NaN, resp_prediction = Number.NaN }: Row) => {
      const value = offerFor({ ats_prediction, resp_prediction });
      return { memberId: memberOf(ats_prediction), value };
    };
    const models = PREDICTIONS.map((name) => ({
      name,
      endpoint: endpoint(name, prediction(REFERENCE_MODELS[name])),
      rowOf: predictionRows(),
    }));
    const send = { ats_prediction: 'ats', resp_prediction: 'resp' };
    const service = { endpoint: endpoint('offer', offer), rowOf: offerRows(send) };
    const byCall = new Map<string, Callable<unknown>>([
      ...models.map((model) => [model.name, model.endpoint] as const),
      ['offer', service.endpoint],
    ]);
    return {
      prepare: async () => invocation.turn('asks for credentials', () => undefined),
      of: () => ({ models, offer: service, byCall }),
    };
  }

  /** One of the rows that is refused has all of them refused. */
  #receive(invocation: Invocation, call: Call, memberIds: readonly string[]): void {
    const isAnswered = call === 'offer' || !memberIds.some((memberId) => this.refused.has(memberId));
    for (const memberId of memberIds) {
      const received = { invocation, call, memberId, isAnswered };
      this.calls.push(received);
      this.onCall(received);
    }
    if (!isAnswered) throw new CallFailedError(`${call} answered 400: not this one`, 1, REFUSED);
  }
}

const REFUSED = rejection({ status: 400, body: 'not this one' }, '');

/** Of a member's only transaction, a buy, so that its prediction is the same number. */
export function pointsOf(memberId: string): number {
  return 100 * Number(memberId.slice(1));
}

function memberOf(points: number): string {
  return `M${Math.round(points / 100)}`;
}
