import { scanFields } from '../../../lib/transactions/fields.ts';

const scan = (text: string, end = text.length) => scanFields(Buffer.from(text), 0, ',', end);

describe('the fields of a row', () => {
  it.each([
    ['a,b\nc', { count: 2, isQuoted: false, to: 4 }],
    ['a,"b"\nc', { count: 2, isQuoted: true, to: 6 }],
    ['"a\nb",c\r\n', { count: 2, isQuoted: true, to: 9 }],
    ['"a"\r\n', { count: 1, isQuoted: true, to: 5 }],
    ['a,b', { count: 2, isQuoted: false }],
    ['a,', { count: 2, isQuoted: false }],
    ['a,"b', { count: 2, isQuoted: true, isOpen: true }],
    ['"a"\r', { count: 1, isQuoted: true }],
  ])('are followed in %j', (text, fields) => {
    expect(scan(text)).toEqual(fields);
  });

  it.each(['"a"b,c\n', '"a"\rb,c\n', '"a"\r,c\n', '"a" ,c\n'])('do not end after a quote in %j', (text) => {
    expect(scan(text).problem).toMatch(/^the quotes do not match: a quoted field must end at a comma/);
  });

  it('are followed no further than is asked for, whatever comes there', () => {
    expect(scan('a,"b"', 2)).toEqual({ count: 2, isQuoted: false });
    expect(scan('"ab",', 3)).toEqual({ count: 1, isQuoted: true, isOpen: true });
    expect(scan('ab,c', 2)).toEqual({ count: 1, isQuoted: false });
  });
});
