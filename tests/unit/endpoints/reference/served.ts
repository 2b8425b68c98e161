import { REFERENCE_SERVICES, referenceEndpoints } from '../../../../lib/endpoints/reference-services.ts';

/** The features of a member by name, for whom the models predict 1350 points and a quarter; see reference-services.test.ts. */
export const FIRST = {
  AVG_POINTS_BOUGHT: 2000,
  AVG_REVENUE_USD: 1,
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 3000,
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 1,
  PCT_BUY_TRANSACTIONS: 0.5,
  PCT_GIFT_TRANSACTIONS: 0.25,
  PCT_REDEEM_TRANSACTIONS: 0.25,
  DAYS_SINCE_LAST_TRANSACTION: 13,
};

/** Those of a member who only buys, 1000 points for 10 USD: the models predict 1000 points and 0.9, their ceiling. */
export const SECOND = {
  AVG_POINTS_BOUGHT: 1000,
  AVG_REVENUE_USD: 10,
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 1000,
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 10,
  PCT_BUY_TRANSACTIONS: 1,
  PCT_GIFT_TRANSACTIONS: 0,
  PCT_REDEEM_TRANSACTIONS: 0,
  DAYS_SINCE_LAST_TRANSACTION: 0,
};

/** The names of the features in the order of partners/default.yml. */
export const FEATURES = Object.keys(FIRST);

const { AVG_REVENUE_USD: _, ...incomplete } = FIRST;

/** The first member without `AVG_REVENUE_USD`. */
export const INCOMPLETE: Readonly<Record<string, number>> = incomplete;

export const MODELS = REFERENCE_SERVICES;

/** The reference services, to be asked without a connection. */
export function served() {
  const app = referenceEndpoints();
  afterAll(() => app.close());
  return {
    get: async (url: string) => (await app.inject({ method: 'GET', url })).json(),
    getText: async (url: string) => (await app.inject({ method: 'GET', url })).body,
    /** @param payload JSON, unless there is a type */
    post: async (url: string, payload: string | object, type = 'application/json', accept = '*/*') => {
      const headers = { 'content-type': type, accept };
      const response = await app.inject({ method: 'POST', url, headers, payload });
      const isJson = /^application\/json(?!lines)/.test(response.headers['content-type'] ?? '');
      return {
        status: response.statusCode,
        type: response.headers['content-type'],
        errorType: response.headers['x-amzn-errortype'],
        body: isJson ? response.json() : response.body,
      };
    },
  };
}
