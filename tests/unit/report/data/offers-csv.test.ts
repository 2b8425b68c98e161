import { parse } from 'csv-parse/sync';
import { offersHeader, offersLines } from '../../../../lib/report/data/offers-csv.ts';
import { failed, scored } from '../members.ts';

describe('offers.csv', () => {
  it('has a line for each member with an offer, predictions in full', () => {
    const members = [scored('A', 1 / 3, 0.25, 'OFFER_1'), failed('B', 'down'), scored('C', -5, 0, 'OFFER_2')];
    expect(offersHeader() + offersLines(members)).toBe(
      'MEMBER_ID,OFFER,ATS_PREDICTION,RESP_PREDICTION\nA,OFFER_1,0.3333333333333333,0.25\nC,OFFER_2,-5,0\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('never lets %j be run as a formula', (text) => {
    const [row] = parse(offersLines([scored(text, 1, 1, text)]));
    expect(row).toEqual([`'${text}`, `'${text}`, '1', '1']);
  });

  it.each(['a,b', 'say "hi"', 'two\nlines', '😀', 'x'.repeat(40_000), "'quoted"])('keeps %j as it is', (text) => {
    expect(parse(offersLines([scored(text, 1, 1, 'OFFER_1')]))).toEqual([[text, 'OFFER_1', '1', '1']]);
  });

  it('has nothing but its header when nobody has an offer', () => {
    expect(offersLines([failed('B', 'down')])).toBe('');
  });
});
