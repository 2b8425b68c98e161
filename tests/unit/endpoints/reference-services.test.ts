import {
  averageTransactionSize,
  offerFor,
  referenceEndpoints,
  responseProbability,
} from '../../../lib/endpoints/reference-services.ts';
import { FIRST as member } from './reference/served.ts';

const app = referenceEndpoints();
afterAll(() => app.close());

async function post(url: string, payload: string | object) {
  const headers = { 'content-type': 'application/json' };
  const response = await app.inject({ method: 'POST', url, headers, payload });
  return { status: response.statusCode, body: response.json() };
}

describe('the average transaction size', () => {
  // 0.7 * 3000 + 0.3 * 2000 = 2700 points, times 0.5 + 0.25 - 0.25.
  it('weighs recent points more and takes off what is redeemed', () => {
    expect(averageTransactionSize(member)).toBeCloseTo(1350, 9);
  });

  it('is nothing for members who mostly redeem', () => {
    const redeemer = { ...member, PCT_BUY_TRANSACTIONS: 0.2, PCT_GIFT_TRANSACTIONS: 0, PCT_REDEEM_TRANSACTIONS: 0.8 };
    expect(averageTransactionSize(redeemer)).toBe(0);
  });

  // |(0.7 * -100 + 0.3 * -100) * 0.5|
  it('is positive for points below zero', () => {
    const below = { ...member, AVG_POINTS_BOUGHT: -100, LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: -100 };
    expect(averageTransactionSize(below)).toBeCloseTo(50, 9);
  });
});

describe('the probability to respond', () => {
  // Activity 0.4 * 0.5 + 0.3 * 0.25 + 0.3 * 0.25 = 0.35; revenue 1 / 100; 1000 * 0.35 * 0.01 = 3.5 over 14 days.
  it('grows with activity and revenue and fades with days', () => {
    expect(responseProbability(member)).toBeCloseTo(0.25, 12);
  });

  // Revenue (0.3 * 1 + 0.7 * 3) / 100 = 0.024; 1000 * 0.35 * 0.024 = 8.4 over 14 days.
  it('weighs recent revenue more', () => {
    expect(responseProbability({ ...member, LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 3 })).toBeCloseTo(0.6, 12);
  });

  // Revenue (0.3 * 3 + 0.7 * 1) / 100 = 0.016; 1000 * 0.35 * 0.016 = 5.6 over 14 days.
  it('weighs all revenue less', () => {
    expect(responseProbability({ ...member, AVG_REVENUE_USD: 3 })).toBeCloseTo(0.4, 12);
  });

  it('is 0.9 at most', () => {
    expect(responseProbability({ ...member, DAYS_SINCE_LAST_TRANSACTION: 0 })).toBe(0.9);
  });
});

describe('the offer', () => {
  it('is OFFER_2 from an expected 200 points on', () => {
    expect(offerFor({ ats_prediction: 400, resp_prediction: 0.5 })).toBe('OFFER_2');
    expect(offerFor({ ats_prediction: 399, resp_prediction: 0.5 })).toBe('OFFER_1');
  });
});

describe('the reference endpoints', () => {
  it('answer each at its own path', async () => {
    expect(await post('/ml/ats/predict', member)).toEqual({ status: 200, body: { prediction: 1350 } });
    expect(await post('/ml/resp/predict', member)).toEqual({ status: 200, body: { prediction: expect.closeTo(0.25) } });
    const predictions = { ats_prediction: 1350, resp_prediction: 0.25 };
    expect(await post('/offer/assign', predictions)).toEqual({ status: 200, body: { offer: 'OFFER_2' } });
  });

  it('name what is missing or of the wrong type', async () => {
    const { AVG_REVENUE_USD: _, ...incomplete } = member;
    const missing = await post('/ml/ats/predict', incomplete);
    expect(missing.status).toBe(400);
    expect(missing.body.message).toContain('AVG_REVENUE_USD');

    const text = await post('/offer/assign', { ats_prediction: '400', resp_prediction: 0.5 });
    expect(text.status).toBe(400);
    expect(text.body.message).toContain('ats_prediction');
  });

  it('refuse what is not JSON', async () => {
    expect(await post('/ml/resp/predict', '{')).toMatchObject({ status: 400 });
  });
});
