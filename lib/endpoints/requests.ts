import * as z from 'zod';
import type { Features } from '../members/features.ts';
import type { ModelDefinition, OfferDefinition } from '../partners/definition.ts';
import type { Contract } from './answer.ts';

/** What is sent to the customer's services, and what must come back. */

/** What a model is sent: features by name, unrounded; all of the member's unless some are named. */
export function predictionRequest(features: Features, send?: ModelDefinition['send']): string {
  if (send === undefined) return JSON.stringify(features);
  const named = Array.isArray(send) ? send.map((name) => [name, name] as const) : Object.entries(send);
  return JSON.stringify(Object.fromEntries(named.map(([sent, feature]) => [sent, features[feature]])));
}

/** What a model must answer. @param take the field of the answer that counts */
export function predictionContract(take = 'prediction'): Contract<number> {
  return {
    schema: z.object({ [take]: z.number() }).transform((answer) => answer[take] ?? Number.NaN),
    example: JSON.stringify({ [take]: 0.42 }).replace(':', ': '),
  };
}

/** What the offer service is sent: predictions, `{"ats_prediction": 1234.5, "resp_prediction": 0.42}`. */
export function offerRequest(
  predictions: Readonly<Record<string, number | undefined>>,
  send: OfferDefinition['send'],
): string {
  return JSON.stringify(Object.fromEntries(Object.entries(send).map(([sent, model]) => [sent, predictions[model]])));
}

/** An offer is a name, which reports count by. */
const MAX_OFFER_LENGTH = 200;

/**
 * What the offer service must answer. Blanks around the name are none of it: with and without them it is one offer. A
 * name in another encoding than its answer says is none at all.
 *
 * @param take the field of the answer that counts
 */
export function offerContract(take = 'offer'): Contract<string> {
  const offer = z
    .string()
    .trim()
    .min(1)
    .max(MAX_OFFER_LENGTH)
    .refine((name) => !name.includes('\uFFFD'), 'is neither in UTF-8 nor in the encoding that the answer names');
  return {
    schema: z.object({ [take]: offer }).transform((answer) => answer[take] ?? ''),
    example: JSON.stringify({ [take]: 'OFFER_2' }).replace(':', ': '),
  };
}
