import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { offersHeader, offersLines } from '../../../../lib/report/data/offers-csv.ts';
import { failed, scored } from '../../../builders/members.ts';
import { DEFAULT_CALLS } from '../../../default-calls.ts';

/** What a line has of a text that is a member's id and offer. */
function writtenAs(text: string): unknown {
  const [row = []] = parse(offersLines([scored(text, 1, 1, text)], DEFAULT_CALLS));
  expect(row).toEqual([row[0], row[0], '1', '1']);
  return row[0];
}

describe('offers.csv', () => {
  it('has a line for each member with an offer, texts in quotes and predictions in full', () => {
    const members = [scored('A', 1 / 3, 0.25, 'OFFER_1'), failed('B', 'down'), scored('C', -5, 0, 'OFFER_2')];
    expect(offersHeader(DEFAULT_CALLS) + offersLines(members, DEFAULT_CALLS)).toBe(
      'MEMBER_ID,OFFER,ATS_PREDICTION,RESP_PREDICTION\n"A","OFFER_1",0.3333333333333333,0.25\n"C","OFFER_2",-5,0\n',
    );
  });

  it.each([
    '=1+1',
    '+1+1',
    '-1-1',
    '+1 ',
    '-A1',
    '+1e5',
    '-1%',
    '-',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠A1',
    '\ttext',
    '\rtext',
    '\ntext',
  ])('never lets %j be run as a formula', (text) => {
    expect(writtenAs(text)).toBe(`'${text}`);
  });

  it.each([
    ['\t=1', "'\t'=1"],
    ['\r\n=1', "'\r\n'=1"],
    [' =1', " '=1"],
    ['\u0000=1', "\u0000'=1"],
  ])('not even behind what spreadsheets drop: %j', (text, written) => {
    expect(writtenAs(text)).toBe(written);
  });

  it.each([
    ['x;=1+41;y', "x;'=1+41;y"],
    ['x,=1+41,y', "x,'=1+41,y"],
    ['x\t=1+41\ty', "x\t'=1+41\ty"],
    ['x|@A1|y', "x|'@A1|y"],
    ['x\n=1+41', "x\n'=1+41"],
    ['x; =1+41', "x; '=1+41"],
    ['x";"=1+41;"y', 'x";"\'=1+41;"y'],
    ['x";"＝1;-2', 'x";"\'＝1;\'-2'],
  ])('nor where a spreadsheet with another list separator begins a cell: %j', (text, written) => {
    expect(writtenAs(text)).toBe(written);
  });

  it('begins no formula wherever it is cut', () => {
    const piece = fc.constantFrom(
      ...['=', '+', '-', '@', '＝', ';', ',', '\t', '|', '\n', '\r', '"', "'", ' ', '\0', 'x', '7'],
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (memberId, offer) => {
        const cells = offersLines([scored(memberId, 1, 1, offer)], DEFAULT_CALLS).split(/[;,\t|\n\r"]/);
        const signed = cells.filter((cell) => /^[\s\0]*[=+\-@＝]/.test(cell));
        const isNumber = (cell: string) => /^[+-]7+$|^\+7(?: ?-? ?7){6,}$/.test(cell);
        expect(signed.filter((cell) => !isNumber(cell))).toEqual([]);
      }),
      { seed: 20_240_131, numRuns: 500 },
    );
  });

  it.each(['+15551234567', '-17', '+0.5', '-00'])(
    'keeps %j as it is: it is a number and no formula, and ids are joined by it',
    (text) => {
      expect(writtenAs(text)).toBe(text);
    },
  );

  it.each(['+49 170 1234567', '+1-555-010-0001', '+1 (555) 010-0001', '+44.20.7946.0000', '+49 (0)30/123456'])(
    'keeps %j as it is: it is a telephone number, and ids are joined by it',
    (text) => {
      expect(writtenAs(text)).toBe(text);
    },
  );

  it.each(['+1-1', '+49 170', '+1-555-010-A1', '+49 170 1234567 ', '-49 170 1234567', "+49 170 1234567+cmd|'/C x'!A0"])(
    'takes %j for no telephone number',
    (text) => {
      expect(writtenAs(text)).toMatch(/^'/);
    },
  );

  it('begins with the name of its first column: programs would take a byte-order mark for a part of it', () => {
    expect(offersHeader(DEFAULT_CALLS)).toMatch(/^MEMBER_ID,/);
  });

  it.each([
    ...['a,b', 'say "hi"', 'two\nlines', '😀', 'x'.repeat(40_000), "'quoted"],
    ...['00123', 'ab-12', 'A - B', 'a=b;c', 'a@b'],
  ])('keeps %j as it is', (text) => {
    expect(writtenAs(text)).toBe(text);
  });

  it('looks at a long text once, not again from each of its blanks', () => {
    const text = `x${'\t'.repeat(1_000_000)}y`;
    expect(writtenAs(text)).toBe(text);
  });

  it('has nothing but its header when nobody has an offer', () => {
    expect(offersLines([failed('B', 'down')], DEFAULT_CALLS)).toBe('');
  });
});
