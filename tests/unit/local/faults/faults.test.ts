import { parseLatency } from '../../../../local/faults/latency.ts';
import { parseFaults } from '../../../../local/faults/spec.ts';
import { CALLS, mapCalls } from '../../../default-calls.ts';

const NONE = { chances: [], ofInputs: [], sores: [], down: false };

describe('a specification of faults', () => {
  it('is for every endpoint or for one', () => {
    const all = { fault: '500', share: 0.05 };
    expect(parseFaults(' 500:5%, ats.429-date:2.5% ,down:offer')).toEqual({
      ...mapCalls(() => ({ ...NONE, chances: [all] })),
      ats: { ...NONE, chances: [all, { fault: '429-date', share: 0.025 }] },
      offer: { ...NONE, chances: [all], down: true },
    });
  });

  it('may speak of inputs, a share of them or those with a certain number in them', () => {
    expect(parseFaults('ats.500:30%-of-inputs,ats.nan:PCT_BUY_TRANSACTIONS=0,offer.null:ats_prediction>-2.5')).toEqual({
      ...mapCalls(() => NONE),
      ats: {
        ...NONE,
        ofInputs: [{ fault: '500', share: 0.3 }],
        sores: [{ fault: 'nan', field: 'PCT_BUY_TRANSACTIONS', relation: '=', value: 0 }],
      },
      offer: { ...NONE, sores: [{ fault: 'null', field: 'ats_prediction', relation: '>', value: -2.5 }] },
    });
  });

  it('may be empty', () => {
    expect(parseFaults('')).toEqual(mapCalls(() => NONE));
  });

  it.each([
    ['501:5%', '"501" is no fault; there are'],
    ['constructor:5%', '"constructor" is no fault; there are'],
    ['500', '"500" is not a fault with its share'],
    ['500:5', '"500:5" needs a share from 0% to 100%'],
    ['500:101%', '"500:101%" needs a share from 0% to 100%'],
    ['ars.500:5%', `"ars.500:5%" names no endpoint; they are ${CALLS.join(', ')}`],
    ['down:all', '"down:all" names no endpoint'],
    ['500:60%,ats.503:60%', 'the faults of ats add up to 120 %'],
    ['500:60%-of-inputs,ats.503:60%-of-inputs', 'the faults of ats add up to 120 %'],
    ['500:5-of-inputs', '"500:5-of-inputs" needs a share from 0% to 100%'],
    ['500:PCT_BUY_TRANSACTIONS=none', '"500:PCT_BUY_TRANSACTIONS=none" needs a share from 0% to 100%'],
  ])('%s is refused in one line', (spec, message) => {
    expect(() => parseFaults(spec)).toThrow(message);
    expect(() => parseFaults(spec)).toThrow(/^[^\n]+$/);
  });
});

describe('a latency', () => {
  it.each([
    ['fixed:20', 0.7, 20],
    ['uniform:10-30', 0.25, 15],
    ['lognormal:20-400', 0.5, 20],
    ['lognormal:20-400', 0.99, 400],
    ['lognormal:20-400', 0.01, 1],
  ])('%s at %d is %d ms', (spec, draw, expected) => {
    const milliseconds = parseLatency(spec)?.(draw) ?? Number.NaN;
    expect(Math.abs(milliseconds / expected - 1)).toBeLessThan(0.01);
  });

  it.each(['', '20', 'fixed:', 'fixed:x', 'fixed:1.2.3', 'uniform:30-10', 'lognormal:0-5', 'lognormal:50-5'])(
    '%p is none',
    (spec) => {
      expect(parseLatency(spec)).toBeUndefined();
    },
  );
});
