import { HEADER, REST } from './hostile-file.ts';

/** A file of so many bytes that goes on and on in the same way. */
type RepetitiveFile = (bytes: number) => Buffer;

/** @param before what the file begins with, and `after` what it ends with; neither is counted in its bytes */
function repeated(text: string | Buffer, before = `${HEADER}\n`, after = `\nA${REST}\n`): RepetitiveFile {
  return (bytes) => Buffer.concat([Buffer.from(before), Buffer.alloc(bytes, text), Buffer.from(after)]);
}

const END = `${HEADER}\nA${REST}\n`;
const row = `A${REST}\n`;
const noted = `${HEADER},NOTE\n`;
const wide = Array.from({ length: 995 }, (_, column) => `C${column}`).join(',');
const utf16Mark = '\uFEFF';

const utf16 =
  (file: RepetitiveFile): RepetitiveFile =>
  (bytes) =>
    Buffer.from(`${utf16Mark}${file(bytes / 2).toString()}`, 'utf16le');

/** What could be looked at again and again while something is waited for that does not come, or comes too late. */
export const REPETITIVE_FILES: Record<string, RepetitiveFile> = {
  'good rows': repeated(row),
  'good rows with quotes': repeated(`"A""B"${REST}\n`),
  'good rows of several lines': repeated(`A${REST},"1\n\n2"\n`, noted),
  'good rows of a thousand columns': repeated(`A${REST}${',""'.repeat(995)}\n`, `${HEADER},${wide}\n`),
  'good rows in UTF-16': utf16(repeated(row)),

  'empty lines before the header': repeated('\n', '', END),
  'empty lines before the header, with CRLF': repeated('\r\n', '', END),
  'empty lines before the header, with CR': repeated('\r', '', END.replaceAll('\n', '\r')),
  'lines of spaces before the header': repeated(' \t \n', '', END),
  'lines of exotic spaces before the header': repeated('\u3000\n', '', END),
  'lines of a byte-order mark before the header': repeated('\uFEFF\n', '', END),
  'empty lines after the header': repeated('\n'),
  'empty lines after sep=': repeated('\n', 'sep=,\n', END),
  'sep= again and again': repeated('sep=;\n', '', END),
  'a header that does not end': repeated(',C', HEADER),
  'a header that does not end, with quotes': repeated(',"C"', HEADER),
  'a header of which a quote is not closed': repeated(row, `"${END}`, ''),
  'a header of carriage returns': repeated('\r', `${HEADER},`),

  'no line end': repeated('x'),
  'no line end, from the start': repeated('x', '', ''),
  'spaces only': repeated(' ', '', ''),
  'lines that are too long': repeated(`${'y'.repeat(20_000)}\n`),
  'carriage returns, in a file of LF': repeated('\r'),
  'carriage returns after a quote': repeated('"\r'),
  'carriage returns that end lines': repeated(`A${REST}\r`, `${HEADER}\r`),
  'carriage returns that may end lines': repeated('\r', `${HEADER}\r`),
  'carriage returns that end lines which are too long': repeated(`${'y'.repeat(20_000)}\r`, `${HEADER}\r`),
  'separators only': repeated(',', '', ''),
  'separators after the header': repeated(','),
  'lines of separators': repeated(',,,,\n'),
  'marks of UTF-8': repeated('\uFEFF'),
  NULs: repeated('\0'),
  'lines of NUL': repeated('\0\n'),
  'bytes that are not UTF-8': repeated(Buffer.from(`é${REST}\n`, 'latin1')),
  'halves of UTF-16 pairs': (bytes) =>
    Buffer.concat([Buffer.from(`${utf16Mark}${HEADER}\n`, 'utf16le'), Buffer.alloc(bytes, Buffer.of(0, 0xd8))]),

  'quotes only': repeated('"', '', ''),
  'quotes after the header': repeated('"'),
  'lines of one quote': repeated('"\n'),
  'lines of one quote, from the start': repeated('"\n', '', ''),
  'lines of two quotes': repeated('""\n'),
  'lines of three quotes': repeated('"""\n'),
  'quotes and line breaks that alternate, shifted': repeated('"\n', `${HEADER}\n"`),
  'quotes that are never closed': repeated('A,"x\n'),
  'quotes that are opened at line ends': repeated(',"\n'),
  'quotes that are closed far away, in rows that do not fit': repeated(`"${'\n'.repeat(6_000)}",\n`),
  'quotes that are closed too far away': repeated(`"${'\n'.repeat(10_000)}",\n`),
  'lines that go on within quotes': repeated('","\n', `${HEADER}\n"`),
  'quoted rows that do not fit': repeated('A\n"B",\n'),
  'quoted rows of several lines that do not fit': repeated('"B\n\n\n\n",\n'),

  'times that cannot be read': repeated('A,x,buy,1,1\n'),
  'long times that cannot be read': repeated(`A,2024-01-01T00:00:00.${'1'.repeat(6_000)},buy,1,1\n`),
  'long numbers that cannot be read': repeated(`A,,buy,${'1'.repeat(6_000)},1\n`),
  'long cells of spaces': repeated(`A,${' '.repeat(6_000)}x,buy,1,1\n`),
  'long ids': repeated(`${'x'.repeat(6_000)}${REST}\n`),
  'ids of control characters': repeated(`\u0007${REST}\n`),
};
