import { readFileSync } from 'node:fs';
import { sampleCommandLine } from '../../../../scripts/sample/arguments.ts';
import { sampleLines } from '../../../../scripts/sample/sample-rows.ts';
import { SAMPLE_NAMES, SAMPLES, sampleFor } from '../../../../scripts/sample/samples.ts';
import { readArguments } from '../../../../scripts/shared/arguments.ts';

const options = { members: 300, seed: 1, asOf: '2024-01-31' };
const lines = [...sampleLines(options)].map((line) => line.trimEnd());
const rows = lines.slice(1).map((line) => line.split(','));

describe('the sample', () => {
  it.each(SAMPLE_NAMES)('of %s is shipped as its defaults write it', (partner) => {
    const defaults = readArguments(sampleCommandLine, ['--partner', partner]);
    if (!defaults) throw new Error('the defaults ask for help');
    const { file, lines: linesOf } = SAMPLES[partner];
    expect([...linesOf(defaults)].join('')).toBe(readFileSync(file, 'utf8'));
  });

  it('is that of everybody unless a partner is named', () => {
    expect(readArguments(sampleCommandLine, [])).toMatchObject({
      partner: 'default',
      members: 300,
      out: 'out/sample.csv',
    });
    expect(sampleFor('acme').file).toBe('events/sample.csv');
    expect(sampleFor('retailer').file).toBe('events/retailer.csv');
  });

  it('is the same for the same seed and another one for another', () => {
    expect([...sampleLines(options)].join('')).toBe([...sampleLines({ ...options })].join(''));
    expect([...sampleLines({ ...options, seed: 2 })]).not.toEqual([...sampleLines(options)]);
  });

  it('has the documented header', () => {
    expect(lines[0]).toBe(
      'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD',
    );
  });

  it('has as many members as asked for, but for those whose every id is blank, with 1 to 12 transactions each', () => {
    const transactions = Map.groupBy(rows, ([memberId]) => memberId);
    transactions.delete('');
    expect(transactions.size).toBeGreaterThan(290);
    expect(transactions.size).toBeLessThanOrEqual(300);
    expect(Math.max(...[...transactions.values()].map((of) => of.length))).toBeLessThanOrEqual(12);
  });

  it('spreads a member’s rows over the file', () => {
    const places = Map.groupBy(rows.keys(), (place) => rows[place]?.[0]);
    const [, busiest = []] = [...places].toSorted(([, one], [, other]) => other.length - one.length)[0] ?? [];
    expect(Math.max(...busiest) - Math.min(...busiest)).toBeGreaterThan(rows.length / 2);
  });

  it.each([
    ['an id', /^,/],
    ['a time', /^\w+,(|NA|N\/A|#N\/A|NaN|null|None),/],
    ['a type', /^\w+,[^,]+,(|NA|N\/A|#N\/A|NaN|null|None),/],
    ['points', /^\w+,[^,]+,\w+,(|NA|N\/A|#N\/A|NaN|null|None),/],
    ['revenue', /^\w+,[^,]+,\w+,-?\d+,(|NA|N\/A|#N\/A|NaN|null|None)$/],
  ])('leaves out %s here and there', (_, pattern) => {
    expect(lines.some((line) => pattern.test(line))).toBe(true);
  });

  it.each([
    ['a number that is none', /,(12O0|many|1\.2\.3),/],
    ['an amount that is none', /,(\$4\.20|free)$/],
    ['a type that is none', /,(transfer|"buy, in the app"),/],
    ['a date that is none', /,(2023-02-30 10:15:00|2023-13-01 08:00:00|yesterday),/],
    ['a date after the as-of day', /,(2024-(02|03|04|05|06|07|08|09|10|11|12)|2025)-\d\d 00:00:00,/],
    ['a field too few', /^\w*(,[^,]*){3}$/],
    ['a field too many', /,EUR$/],
    ['a quoted field', /,"(buy|gift|redeem)",/],
  ])('has %s', (_, pattern) => {
    expect(lines.some((line) => pattern.test(line))).toBe(true);
  });

  it('gives back points when they are redeemed, and takes no money for them', () => {
    const redeemed = lines.filter((line) => /,redeem,-?\d+,\d/.test(line));
    expect(redeemed.length).toBeGreaterThan(100);
    expect(redeemed.every((line) => /,redeem,-\d+,0\.0$/.test(line) || line.endsWith(',EUR'))).toBe(true);
  });

  it('begins before the last of very many members has been made up', () => {
    const endless = sampleLines({ ...options, members: 1e15 });
    expect(endless.take(3).toArray()).toHaveLength(3);
  });
});
