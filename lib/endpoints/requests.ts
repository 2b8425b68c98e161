import * as z from 'zod';
import { PREDICTIONS, type Prediction } from '../calls.ts';
import type { Features } from '../members/features.ts';
import type { Contract } from './answer.ts';

/** What is sent to the customer's services, and what must come back. */

/** What each model is sent: the features by name, unrounded. */
export function predictionRequest(features: Features): string {
  return JSON.stringify(features);
}

export const PREDICTION: Contract<{ prediction: number }> = {
  schema: z.object({ prediction: z.number() }),
  example: '{"prediction": 0.42}',
};

/** What the offer service is sent: the predictions that the run has, `{"ats_prediction": 1234.5, "resp_prediction": 0.42}`. */
export function offerRequest(predictions: Readonly<Partial<Record<Prediction, number>>>): string {
  const named = PREDICTIONS.map((prediction) => [`${prediction}_prediction`, predictions[prediction]]);
  return JSON.stringify(Object.fromEntries(named));
}

/** An offer is a name, which reports count by. */
const MAX_OFFER_LENGTH = 200;

/**
 * Blanks around the name are none of it: with and without them it is one offer. A name in another encoding than its
 * answer says is none at all.
 */
export const OFFER: Contract<{ offer: string }> = {
  schema: z.object({
    offer: z
      .string()
      .trim()
      .min(1)
      .max(MAX_OFFER_LENGTH)
      .refine((name) => !name.includes('\uFFFD'), 'is neither in UTF-8 nor in the encoding that the answer names'),
  }),
  example: '{"offer": "OFFER_2"}',
};
