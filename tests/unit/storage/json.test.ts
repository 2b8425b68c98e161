import fc from 'fast-check';
import { jsonOf, NotFiniteError } from '../../../lib/storage/json.ts';
import { jsonLine } from '../../../lib/storage/json-lines.ts';

describe('JSON', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'is not made of %d, and says where',
    (bad) => {
      const value = { name: 'null', rows: [{ mean: 1 }, { mean: bad }] };
      for (const make of [jsonOf, jsonLine]) {
        expect(() => make(value)).toThrow(NotFiniteError);
        expect(() => make(value)).toThrow(`mean is ${bad}`);
      }
    },
  );

  it('holds null where it is meant', () => {
    expect(jsonOf({ asOf: null, name: 'null' })).toBe('{"asOf":null,"name":"null"}');
  });

  it('is read back as what it was made of', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\u2028\n', '__proto__', 'null'));
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(Number.MAX_VALUE, Number.MIN_VALUE, -1e308),
    );
    const value = fc.dictionary(text, fc.oneof(text, number, fc.array(number), fc.constant(null)));
    fc.assert(
      fc.property(value, (written) => {
        for (const json of [jsonOf(written), jsonLine(written)]) {
          // The sign of a zero is lost.
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(written)));
        }
        expect(jsonLine(written).split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
      }),
      { seed: 20_240_131 },
    );
  });
});
