import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { serveAny } from '../../lib/endpoints/reference/routes.ts';
import { type ScoringService, scoringService } from '../../lib/endpoints/reference/scoring-service.ts';
import { referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import { EXAMPLE_PATHS, EXAMPLE_VARIABLES, type ExampleVariable } from './example-calls.ts';

/** What the partners in partners/examples have called: each service with its formula. They are on this machine alone. */

/** All features of the retailer, which its first model is sent. */
const RETAILER_FEATURES = [
  'VISITS',
  'SPEND_90D',
  'AVG_BASKET',
  'LAST_5_AVG_BASKET',
  'RETURN_SHARE_365D',
  'DAYS_SINCE_PURCHASE',
];

const NEWSLETTER_FEATURES = ['ISSUES', 'LAST_10_OPENED', 'CLICKS_60D', 'LONGEST_READ', 'DAYS_SUBSCRIBED'];

const SERVICES: Readonly<Record<ExampleVariable, ScoringService>> = {
  RETAILER_SPEND_URL: scoringService(
    { name: 'spend', inputs: RETAILER_FEATURES, output: 'prediction', gives: 'number' },
    z.object({ SPEND_90D: z.number(), LAST_5_AVG_BASKET: z.number(), RETURN_SHARE_365D: z.number() }),
    spendIn30Days,
  ),
  RETAILER_CHURN_URL: scoringService(
    { name: 'churn', inputs: ['VISITS', 'DAYS_SINCE_PURCHASE'], output: 'prediction', gives: 'number' },
    z.object({ VISITS: z.number(), DAYS_SINCE_PURCHASE: z.number() }),
    probabilityToLeave,
  ),
  RETAILER_BASKET_URL: scoringService(
    { name: 'basket', inputs: ['average', 'recent_average'], output: 'basket_value', gives: 'number' },
    z.object({ average: z.number(), recent_average: z.number() }),
    nextBasket,
  ),
  RETAILER_COUPON_URL: scoringService(
    { name: 'coupon', inputs: ['spend', 'leaves'], output: 'coupon', gives: 'text' },
    z.object({ spend: z.number(), leaves: z.number() }),
    couponFor,
  ),
  NEWSLETTER_CHURN_URL: scoringService(
    { name: 'churn', inputs: NEWSLETTER_FEATURES, output: 'prediction', gives: 'number' },
    z.object({ LAST_10_OPENED: z.number(), CLICKS_60D: z.number() }),
    probabilityToUnsubscribe,
  ),
};

/** The reference services, and those of the examples, as one app. */
export function localEndpoints(): FastifyInstance {
  const app = referenceEndpoints();
  for (const variable of EXAMPLE_VARIABLES) serveAny(app, EXAMPLE_PATHS[variable], SERVICES[variable]);
  return app;
}

/** In EUR: for the most part a month's share of the last 90 days; who returns much will keep less. */
function spendIn30Days(features: { SPEND_90D: number; LAST_5_AVG_BASKET: number; RETURN_SHARE_365D: number }): number {
  return (0.6 * (features.SPEND_90D / 3) + 0.4 * features.LAST_5_AVG_BASKET) * (1 - features.RETURN_SHARE_365D);
}

/** Grows with the days since the last purchase, more slowly after many visits; 0 on the day of a purchase. */
function probabilityToLeave({ VISITS, DAYS_SINCE_PURCHASE }: { VISITS: number; DAYS_SINCE_PURCHASE: number }): number {
  return DAYS_SINCE_PURCHASE / (DAYS_SINCE_PURCHASE + 30 * VISITS);
}

/** In EUR: recent purchases weigh more. */
function nextBasket({ average, recent_average }: { average: number; recent_average: number }): number {
  return 0.7 * recent_average + 0.3 * average;
}

/** The more spend is at risk, in EUR, the better the coupon. */
function couponFor({ spend, leaves }: { spend: number; leaves: number }): string {
  const atRisk = spend * leaves;
  if (atRisk >= 50) return 'COUPON_20';
  return atRisk >= 10 ? 'COUPON_10' : 'NO_COUPON';
}

/** From 0 to 1: readers who do not open issues leave, and those who click do less so. */
function probabilityToUnsubscribe(features: { LAST_10_OPENED: number; CLICKS_60D: number }): number {
  return 0.8 * (1 - features.LAST_10_OPENED) + 0.2 / (1 + features.CLICKS_60D);
}
