import { countsMetadata, countsOf } from '../../../lib/run/result-counts.ts';
import { failed as failedMember, scored as scoredMember } from '../../builders/members.ts';

const scored = scoredMember('m', 1, 1, 'OFFER_1');
const failed = failedMember('m', 'no answer');

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
