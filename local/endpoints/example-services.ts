import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { readRequest, referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import { EXAMPLE_PATHS, EXAMPLE_VARIABLES, type ExampleVariable } from './example-calls.ts';

/** What the partners in partners/examples have called: each service with its formula. They are on this machine alone. */

/** What a service answers to a body. */
type Answer = (body: unknown) => Record<string, unknown>;

const ANSWERS: Readonly<Record<ExampleVariable, Answer>> = {
  RETAILER_SPEND_URL: answering(
    z.object({ SPEND_90D: z.number(), LAST_5_AVG_BASKET: z.number(), RETURN_SHARE_365D: z.number() }),
    (features) => ({ prediction: spendIn30Days(features) }),
  ),
  RETAILER_CHURN_URL: answering(z.object({ VISITS: z.number(), DAYS_SINCE_PURCHASE: z.number() }), (features) => ({
    prediction: probabilityToLeave(features),
  })),
  RETAILER_BASKET_URL: answering(z.object({ average: z.number(), recent_average: z.number() }), (averages) => ({
    basket_value: nextBasket(averages),
  })),
  RETAILER_COUPON_URL: answering(z.object({ spend: z.number(), leaves: z.number() }), (predictions) => ({
    coupon: couponFor(predictions),
  })),
  NEWSLETTER_CHURN_URL: answering(z.object({ LAST_10_OPENED: z.number(), CLICKS_60D: z.number() }), (features) => ({
    prediction: probabilityToUnsubscribe(features),
  })),
};

/** The reference services, and those of the examples, as one app. */
export function localEndpoints(): FastifyInstance {
  const app = referenceEndpoints();
  for (const variable of EXAMPLE_VARIABLES) {
    app.post(EXAMPLE_PATHS[variable], async ({ body }) => ANSWERS[variable](body));
  }
  return app;
}

function answering<T>(schema: z.ZodType<T>, answer: (request: T) => Record<string, unknown>): Answer {
  return (body) => answer(readRequest(schema, body));
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
