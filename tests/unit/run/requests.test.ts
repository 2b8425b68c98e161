import { RequestStatistics } from '../../../lib/endpoints/request-statistics.ts';
import { checkpointSchema, resultSchema } from '../../../lib/run/contracts.ts';
import { requestsIn, requestsOf, sumOfRequests } from '../../../lib/run/requests.ts';
import { failed, scored } from '../../builders/members.ts';
import { result } from '../../builders/results.ts';

const [ANN, BEN] = [scored('ANN', 1, 1, 'X'), failed('BEN', 'down')];

describe('what was sent for the members of a result', () => {
  it('is what it says, whatever the attempts of its members add up to', () => {
    const requests = { ats: { requests: 1, retries: 0, rows: 2 } };
    expect(requestsOf(resultSchema.parse({ ...result(1, 1, 2, [ANN, BEN]), version: 5, requests }))).toEqual(requests);
  });

  it('is what its members have been in, of an older one: a request for each member', () => {
    const older = resultSchema.parse({ ...result(1, 1, 2, [ANN, ANN, BEN]), version: 4 });
    // Five requests for BEN, of which four were sent again; then nobody was asked for an offer.
    expect(requestsOf(older)).toEqual({
      ats: { requests: 7, retries: 4, rows: 7 },
      resp: { requests: 3, retries: 0, rows: 3 },
      offer: { requests: 2, retries: 0, rows: 2 },
    });
  });

  it.each([{ requests: 1.5 }, { retries: -1 }, { rows: '4' }, { rows: undefined }])(
    'is counted in whole numbers: not %j',
    (wrong) => {
      const requests = { ats: { requests: 2, retries: 1, rows: 4, ...wrong } };
      const checkpoint = { runId: 'r', batch: 1, members: [ANN], continuations: 0, requests };
      expect(checkpointSchema.safeParse(checkpoint).success).toBe(false);
      expect(resultSchema.safeParse({ ...result(1, 1, 2), requests }).success).toBe(false);
    },
  );
});

describe('what was sent so far', () => {
  it('has the calls for which nothing was sent, and counts no further', () => {
    const statistics = new Map(['ats', 'offer'].map((call) => [call, new RequestStatistics()]));
    const counted = (call: string) => statistics.get(call) ?? new RequestStatistics();
    counted('ats').send(false, 200);
    counted('ats').send(true, 100);
    const sent = requestsIn(statistics.keys(), counted);
    counted('ats').send(false, 200);
    expect(sent).toEqual({
      ats: { requests: 2, retries: 1, rows: 300 },
      offer: { requests: 0, retries: 0, rows: 0 },
    });
  });

  it('adds to what was sent before, also for a call that only one of them knows', () => {
    const before = { ats: { requests: 2, retries: 1, rows: 300 }, offer: { requests: 1, retries: 0, rows: 1 } };
    const after = { ats: { requests: 1, retries: 0, rows: 50 }, resp: { requests: 3, retries: 2, rows: 3 } };
    expect(sumOfRequests(before, after)).toEqual({
      ats: { requests: 3, retries: 1, rows: 350 },
      offer: { requests: 1, retries: 0, rows: 1 },
      resp: { requests: 3, retries: 2, rows: 3 },
    });
  });
});
