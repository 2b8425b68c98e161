import { urlOf } from './call-url.ts';
import type { Definition } from './definition.ts';

/**
 * What all partners had before there were partner files: the definition of runs that carry none. It stays as it is,
 * whatever becomes of `default.yml`, which has more blanks by now.
 */
export const FIRST_DEFINITION: Definition = {
  input: {
    maxRejectedShare: 1,
    missingValues: ['NA', 'N/A', '#N/A', 'NaN', 'null', 'None'],
    fields: {
      member: { titles: ['MEMBER_ID'], type: 'string', required: true, missingValues: [] },
      time: {
        titles: ['LAST_TRANSACTION_TS', 'lastTransactionUtcTs', 'lastTransatcionUtcTs'],
        type: 'datetime',
        timezone: 'UTC',
        default: '1990-01-01',
      },
      kind: { titles: ['LAST_TRANSACTION_TYPE'], type: 'string', enum: { buy: [], gift: [], redeem: [] } },
      points: { titles: ['LAST_TRANSACTION_POINTS_BOUGHT'], type: 'number', default: 0 },
      revenue: { titles: ['LAST_TRANSACTION_REVENUE_USD'], type: 'number', unit: 'USD', default: 0 },
    },
  },
  features: {
    AVG_POINTS_BOUGHT: { mean: 'points' },
    AVG_REVENUE_USD: { mean: 'revenue' },
    LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: { mean: 'points', last: 3 },
    LAST_3_TRANSACTIONS_AVG_REVENUE_USD: { mean: 'revenue', last: 3 },
    PCT_BUY_TRANSACTIONS: { share: { kind: 'buy' } },
    PCT_GIFT_TRANSACTIONS: { share: { kind: 'gift' } },
    PCT_REDEEM_TRANSACTIONS: { share: { kind: 'redeem' } },
    DAYS_SINCE_LAST_TRANSACTION: { daysSinceLast: 'time' },
  },
  models: {
    ats: {
      title: 'transaction size',
      description: 'Average transaction size, as one model predicts it for the member.',
      url: urlOf('ATS_URL'),
      expected: { from: 0 },
    },
    resp: {
      title: 'probability to respond',
      description: 'The probability that the member responds to an offer, as the other model predicts it.',
      url: urlOf('RESP_URL'),
      format: 'probability',
      expected: { from: 0, to: 1 },
    },
  },
  offer: {
    url: urlOf('OFFER_URL'),
    send: { ats_prediction: 'ats', resp_prediction: 'resp' },
    expectedValue: ['ats', 'resp'],
  },
};
