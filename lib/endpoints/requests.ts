import * as z from 'zod';
import type { Features } from '../contracts.ts';

/** What is sent to the customer's three services, and what must come back. */

/** Body of `POST /ml/ats/predict` and `POST /ml/resp/predict`: the eight features, unrounded. */
export function predictionRequest(features: Features): string {
  return JSON.stringify(features);
}

export const predictionResponseSchema = z.object({ prediction: z.number() });

/** Body of `POST /offer/assign`. */
export function offerRequest(ats: number, resp: number): string {
  return JSON.stringify({ ats_prediction: ats, resp_prediction: resp });
}

/** An offer is a name, which reports count by. */
const LONGEST_OFFER = 200;

export const offerResponseSchema = z.object({ offer: z.string().min(1).max(LONGEST_OFFER) });
