import { RowXml } from '../../../../lib/report/workbook/row-xml.ts';

describe('a row as XML', () => {
  it('has numbers in full, texts as such, each with the style of its column', () => {
    const xml = new RowXml([3, 7]).of(12, ['M-1', 1 / 3]);
    expect(xml).toBe(
      '<row r="12"><c r="A12" s="3" t="str"><v>M-1</v></c><c r="B12" s="7"><v>0.3333333333333333</v></c></row>',
    );
  });

  it('leaves out what is undefined, but not zero and not an empty text', () => {
    expect(new RowXml([1, 1, 1]).of(1, [undefined, 0, ''])).toBe(
      '<row r="1"><c r="B1" s="1"><v>0</v></c><c r="C1" s="1" t="str"><v></v></c></row>',
    );
  });

  it('escapes what would be markup', () => {
    expect(new RowXml([0]).of(1, ['<b>&amp;</b>'])).toContain('<v>&lt;b&gt;&amp;amp;&lt;/b&gt;</v>');
  });

  it.each([
    ['  A, B ', '<v xml:space="preserve">  A, B </v>'],
    ['\tA', '<v xml:space="preserve">\tA</v>'],
    ['A\n', '<v xml:space="preserve">A\n</v>'],
    ['A,  B', '<v>A,  B</v>'],
    ['A\r\nB\rC', '<v>A&#13;\nB&#13;C</v>'],
  ])('has what is blank in %j read as it is', (text, xml) => {
    expect(new RowXml([0]).of(1, [text])).toBe(`<row r="1"><c r="A1" s="0" t="str">${xml}</c></row>`);
  });

  it('names columns beyond Z with two letters', () => {
    const values = Array.from({ length: 27 }, (_, index) => index);
    expect(new RowXml(values.map(() => 0)).of(1, values)).toMatch(/<c r="AA1" s="0"><v>26<\/v><\/c><\/row>$/);
  });
});
