import Fastify, { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  BODY_LIMIT,
  readAllTypes,
  refuseUnknownPaths,
  serveAny,
  serveMetadata,
  serveProtocol,
} from './reference/routes.ts';
import { type ScoringService, scoringService } from './reference/scoring-service.ts';
import { REFERENCE_PROTOCOLS } from './reference/server-protocols.ts';
import { REFERENCE, REFERENCE_CALLS, type ReferenceCall } from './reference-calls.ts';

const ATS_WEIGHT_RECENT = 0.7;
const ATS_WEIGHT_ALL = 0.3;

const RESP_CEILING = 0.9;

/** The expected value, in points, from which a member gets the better offer. */
const OFFER_THRESHOLD = 200;

/**
 * The features that the reference models look at, in the order of partners/default.yml; what else they are sent by name does
 * not matter to them.
 */
export const modelInputSchema = z.object({
  AVG_POINTS_BOUGHT: z.number(),
  AVG_REVENUE_USD: z.number(),
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: z.number(),
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: z.number(),
  PCT_BUY_TRANSACTIONS: z.number(),
  PCT_GIFT_TRANSACTIONS: z.number(),
  PCT_REDEEM_TRANSACTIONS: z.number(),
  DAYS_SINCE_LAST_TRANSACTION: z.number(),
});
export type ModelInput = z.infer<typeof modelInputSchema>;

const offerRequestSchema = z.object({ ats_prediction: z.number(), resp_prediction: z.number() });
export type OfferRequest = z.infer<typeof offerRequestSchema>;

/** The average transaction size to expect, in points; recent transactions weigh more, redeeming counts against. */
export function averageTransactionSize(features: ModelInput): number {
  const points =
    ATS_WEIGHT_RECENT * features.LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT + ATS_WEIGHT_ALL * features.AVG_POINTS_BOUGHT;
  const appetite = features.PCT_BUY_TRANSACTIONS + features.PCT_GIFT_TRANSACTIONS - features.PCT_REDEEM_TRANSACTIONS;
  return Math.abs(points * Math.max(0, appetite));
}

/** The probability to respond: grows with activity and revenue, fades with the days since; at most 0.9. */
export function responseProbability(features: ModelInput): number {
  const activity =
    0.4 * features.PCT_BUY_TRANSACTIONS + 0.3 * features.PCT_GIFT_TRANSACTIONS + 0.3 * features.PCT_REDEEM_TRANSACTIONS;
  const revenue = (0.3 * features.AVG_REVENUE_USD + 0.7 * features.LAST_3_TRANSACTIONS_AVG_REVENUE_USD) / 100;
  return Math.min(RESP_CEILING, (1000 * activity * revenue) / (features.DAYS_SINCE_LAST_TRANSACTION + 1));
}

export const REFERENCE_MODELS: Readonly<Record<Exclude<ReferenceCall, 'offer'>, (features: ModelInput) => number>> = {
  ats: averageTransactionSize,
  resp: responseProbability,
};

/** The offer for a member of whom this much is expected. */
export function offerFor({ ats_prediction, resp_prediction }: OfferRequest): 'OFFER_1' | 'OFFER_2' {
  return ats_prediction * resp_prediction >= OFFER_THRESHOLD ? 'OFFER_2' : 'OFFER_1';
}

export const REFERENCE_SERVICES: Readonly<Record<ReferenceCall, ScoringService>> = {
  ats: model('ats'),
  resp: model('resp'),
  offer: scoringService(
    { name: 'offer', inputs: Object.keys(offerRequestSchema.shape), output: 'offer', gives: 'text' },
    offerRequestSchema,
    offerFor,
  ),
};

function model(name: keyof typeof REFERENCE_MODELS): ScoringService {
  const inputs = Object.keys(modelInputSchema.shape);
  return scoringService(
    { name, inputs, output: 'prediction', gives: 'number' },
    modelInputSchema,
    REFERENCE_MODELS[name],
  );
}

/**
 * The reference scoring services as one app. They stand in for the real ones in local runs and in stages that
 * have no endpoints of their own. Each speaks every protocol at a path of that protocol, and all of them at its own.
 */
export function referenceEndpoints(): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT });
  readAllTypes(app);
  for (const call of REFERENCE_CALLS) serveReference(app, call);
  serveMetadata(app, Object.values(REFERENCE_SERVICES));
  refuseUnknownPaths(app);
  return app;
}

function serveReference(app: FastifyInstance, call: ReferenceCall): void {
  const service = REFERENCE_SERVICES[call];
  serveAny(app, REFERENCE[call].path, service);
  for (const { protocol, root, path } of Object.values(REFERENCE_PROTOCOLS)) {
    if (root !== undefined) serveProtocol(app, path(call), protocol, service);
  }
}
