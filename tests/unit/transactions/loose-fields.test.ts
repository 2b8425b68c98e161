import { formulaText, looseFields } from '../../../lib/transactions/loose-fields.ts';

/** Of a line of three fields, of which the first two are needed. */
const fieldsOf = (line: string, separator = ',') => looseFields(line, { separator, width: 3, needed: [0, 1] });

describe('a line whose quotes break the rules', () => {
  it.each([
    ['blanks around quotes', '"A" , "b,c",\t"d"  ', ['A', 'b,c', 'd']],
    ['blanks before some quotes', 'A, "b ""c""", d', ['A', 'b "c"', ' d']],
    ['a backslash before a quote', '"A\\"B","c\\\\d","e"', ['A"B', 'c\\d', 'e']],
    ['a backslash before quotes and a separator', '"A","b \\"c\\", d",e', ['A', 'b "c", d', 'e']],
    ['a quote in a field that is not needed', 'A,b,TV 55" black', ['A', 'b', 'TV 55" black']],
    ['texts for Excel', '="007",="1",x', ['="007"', '="1"', 'x']],
  ])('is certain with %s', (_, line, fields) => {
    expect(fieldsOf(line)).toEqual(fields);
  });

  it.each([
    ['a quote in a field that is needed', 'A"B,c,d'],
    ['a separator beside such a quote', 'A,b,TV 55", black'],
    ['text after a quoted field', 'A,"b"c,d'],
    ['a quoted field that goes on', 'A,b,"c'],
    ['another number of fields', '"A" ,"b"'],
    ['a text for Excel with a separator in it', '="0,7",b,c'],
  ])('is not certain with %s', (_, line) => {
    expect(fieldsOf(line)).toBeUndefined();
  });

  it('has no blanks but spaces where tabs separate', () => {
    expect(fieldsOf('"A" \t\t "c"', '\t')).toEqual(['A', '', 'c']);
  });
});

it.each([
  ['="007"', '007'],
  ['=""', ''],
  ['=1+1', undefined],
  ['="a"&"b"', undefined],
  ['007', undefined],
])('%s is for Excel what says %s', (cell, text) => {
  expect(formulaText(cell)).toBe(text);
});
