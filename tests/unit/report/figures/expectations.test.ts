import { readExpected } from '../../../../functions/expectations.ts';
import { Expectations, expectedOf } from '../../../../lib/report/figures/expectations.ts';
import { failed, scored } from '../../../builders/members.ts';
import { DEFAULT_CALLS, mapPredictions } from '../../../default-calls.ts';

/** Nothing is expected of any prediction. */
const ANYTHING = mapPredictions(() => ({}));

const foundIn = (members: [ats: number, resp: number][], expected = expectedOf(DEFAULT_CALLS.models)) => {
  const expectations = new Expectations(expected);
  for (const [ats, resp] of members) expectations.add(scored('A', ats, resp, 'OFFER').outcome);
  return expectations.found();
};

describe('predictions', () => {
  it('are as expected when ATS is an amount and RESP a probability', () => {
    expect(
      foundIn([
        [0, 0],
        [-0, 1],
        [Number.MAX_VALUE, 0.5],
      ]),
    ).toEqual({});
  });

  it('are counted where they are not, with the lowest and the highest of these', () => {
    expect(
      foundIn([
        [5, 0.5],
        [-0.001, 1.001],
        [-7, -1],
        [1, 57],
      ]),
    ).toEqual({
      outOfRange: [
        { prediction: 'ats', expected: { from: 0 }, members: 2, lowest: -7, highest: -0.001 },
        { prediction: 'resp', expected: { from: 0, to: 1 }, members: 3, lowest: -1, highest: 57 },
      ],
    });
  });

  it('of members that failed at another call count, too', () => {
    const expectations = new Expectations({ ...ANYTHING, resp: { to: 0.4 } });
    // The RESP of such a member is 0.5.
    expectations.add(failed('A', 'down').outcome);
    expect(expectations.found().outOfRange).toMatchObject([{ prediction: 'resp', members: 1, lowest: 0.5 }]);
  });

  it('may be anything where nothing is expected', () => {
    expect(foundIn([[-1, 57]], ANYTHING)).toEqual({});
  });
});

describe('what is expected', () => {
  it.each([
    ['', { from: 0, to: 1 }],
    ['0..100', { from: 0, to: 100 }],
    ['-1.5..1e3', { from: -1.5, to: 1000 }],
    ['0..', { from: 0 }],
    [' .. 100 ', { to: 100 }],
    ['..', {}],
    ['1..1', { from: 1, to: 1 }],
  ])('of RESP by EXPECTED_RESP=%j is %j', (EXPECTED_RESP, resp) => {
    expect(expectedOf(DEFAULT_CALLS.models, readExpected({ EXPECTED_RESP }))).toEqual({
      ...expectedOf(DEFAULT_CALLS.models),
      ats: { from: 0 },
      resp,
    });
  });

  it.each(['1', '0-1', '0..1..2', '1..0', 'a..b', '0,5..1'])('is refused by name when it is %j', (EXPECTED_ATS) => {
    expect(() => readExpected({ EXPECTED_ATS })).toThrow(/EXPECTED_ATS/);
  });
});
