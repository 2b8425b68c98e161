import { FIRST_DEFINITION } from '../../../lib/partners/first-definition.ts';
import { viewOf } from '../../../lib/report/view/view.ts';
import { manifestSchema, resultSchema } from '../../../lib/run/contracts.ts';
import { summarySchema } from '../../../lib/run/summary.ts';
import { someFigures } from '../../builders/figures.ts';
import { scored } from '../../builders/members.ts';
import { MANIFEST, result } from '../../builders/results.ts';

const { summary } = someFigures();

/** What a reader of `summary.json` makes of it. */
const read = (text: string) => summarySchema.parse(JSON.parse(text));

describe('summary.json', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '10', '\ud800', '\u2028'])(
    'keeps an offer that is called %j',
    (name) => {
      const offers = Object.fromEntries([
        [name, 800],
        ['OFFER_2', 200],
      ]);
      const { offers: kept } = read(JSON.stringify({ ...summary, offers }));
      expect(new Map(Object.entries(kept))).toEqual(new Map(Object.entries(offers)));
    },
  );

  it('is read as older versions have written it, with all offers by name', () => {
    expect(read(JSON.stringify(summary))).toEqual(summary);
    expect(read(JSON.stringify(summary)).otherOffers).toBeUndefined();
  });

  it('is read where an older run lacks an output, a call or a model that there is now', () => {
    const { workbook: _, ...outputs } = summary.outputs;
    const { offer: __, ...requests } = summary.requests;
    const { resp: ___, ...predictions } = { ...summary.predictions };
    const older = read(JSON.stringify({ ...summary, outputs, requests, predictions }));
    expect(older.outputs).toEqual(outputs);
    expect(older.requests).toEqual(requests);
    expect(viewOf(older).requests.map(({ call }) => call)).toEqual(['ats', 'resp']);
    expect(older.predictions).toEqual(predictions);
  });

  it.each(['{"A":-1}', '{"A":1.5}', '{"A":"1"}', '{"A":null}', '{"__proto__":-1}', '[1]', 'null', '5'])(
    'does not take %s for counts by name',
    (offers) => {
      const text = JSON.stringify({ ...summary, offers: 'HERE' }).replace('"HERE"', offers);
      expect(() => read(text)).toThrow('expected counts by name');
    },
  );
});

describe('a definition that a run carries', () => {
  const file = { file: 'default.yml', digest: 'd' };
  const { models, offer, ...before } = FIRST_DEFINITION;

  it('has the models and the offer that all partners had, where it is of a version that knew no others', () => {
    const older = manifestSchema.parse({ ...MANIFEST, version: 3, partnerFile: { ...file, definition: before } });
    // Nor was there a limit to the rows that may be rejected.
    const { maxRejectedShare: _, ...input } = before.input;
    const stored = { ...MANIFEST, version: 3, partnerFile: { ...file, definition: { ...before, input } } };
    expect(manifestSchema.parse(stored).partnerFile?.definition.input).toEqual({ ...input, maxRejectedShare: 1 });
    expect(older.partnerFile?.definition).toEqual({ ...before, models, offer });
  });

  it('has no offer where it says so', () => {
    const [ats] = Object.values(models);
    const definition = { ...before, models: { size: ats } };
    expect(manifestSchema.parse({ ...MANIFEST, partnerFile: { ...file, definition } }).partnerFile).toEqual({
      ...file,
      definition,
    });
  });
});

describe('a scored member', () => {
  const of = (calls: string[], outcome: object) =>
    resultSchema.safeParse({
      ...result(1, 1, 2),
      calls,
      members: [{ ...scored('A', 1, 1, 'X'), outcome: { status: 'SCORED', ...outcome } }],
    }).success;

  it('has every prediction of its run, and the offer where there is one to be had', () => {
    expect(of(['size', 'offer'], { size: 1, offer: 'A' })).toBe(true);
    expect(of(['size'], { size: 1 })).toBe(true);
    expect(of(['size', 'offer'], { size: 1 })).toBe(false);
    expect(of(['size', 'offer'], { offer: 'A' })).toBe(false);
    expect(of(['size'], { size: '1' })).toBe(false);
  });
});
