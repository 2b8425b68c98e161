import type { ScoredMember } from '../../../lib/run/contracts.ts';
import { countsMetadata, countsOf } from '../../../lib/run/result-counts.ts';

const features = {
  AVG_POINTS_BOUGHT: 1,
  AVG_REVENUE_USD: 1,
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 1,
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 1,
  PCT_BUY_TRANSACTIONS: 1,
  PCT_GIFT_TRANSACTIONS: 0,
  PCT_REDEEM_TRANSACTIONS: 0,
  DAYS_SINCE_LAST_TRANSACTION: 1,
};

function member(outcome: ScoredMember['outcome']): ScoredMember {
  const attempts = { ats: 1, resp: 1, offer: 1 };
  return { memberId: 'm', transactions: 1, imputedValues: 0, features, outcome, latency: { total: 1 }, attempts };
}

const scored = member({ status: 'SCORED', ats: 1, resp: 1, offer: 'OFFER_1' });
const failed = member({ status: 'FAILED', failures: [{ step: 'ats', attempts: 5, message: 'no answer' }] });

describe('a result’s metadata', () => {
  it('tells its members and how many of them failed', () => {
    expect(countsMetadata([scored, failed, scored])).toEqual({ members: '3', failed: '1' });
    expect(countsMetadata([])).toEqual({ members: '0', failed: '0' });
  });

  it('is understood again', () => {
    expect(countsOf(countsMetadata([scored, failed]))).toEqual({ members: 2, failed: 1 });
    expect(countsOf({ members: '12', failed: '12' })).toEqual({ members: 12, failed: 12 });
  });

  it.each([
    ['is none', undefined],
    ['is empty', {}],
    ['is in words', { members: 'two', failed: '0' }],
    ['is negative', { members: '2', failed: '-1' }],
    ['is a fraction', { members: '2.5', failed: '0' }],
    ['is blank', { members: '', failed: '' }],
    ['has more failed than there are', { members: '1', failed: '2' }],
    ['is beyond counting', { members: '9'.repeat(400), failed: '0' }],
  ])('tells nothing when it %s', (_, metadata) => {
    expect(countsOf(metadata)).toBeUndefined();
  });
});
