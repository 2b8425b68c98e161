import { strToU8, zipSync } from 'fflate';
import { csv, HEADER, type HostileFile, REST, row } from './hostile-file.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const bigEndian = (bytes: Buffer) => Buffer.from(bytes).swap16();

const NOT_UTF8 = /^bytes that are not UTF-8; save the file as UTF-8, or name its encoding in the partner file$/;
const family = '👨‍👩‍👧';

/** What other programs write where UTF-8 is expected. */
export const ENCODINGS: HostileFile[] = [
  { name: 'UTF-8 with its mark', file: `\uFEFF${csv(`Zoë${REST}`)}`, members: ['Zoë'] },
  { name: 'UTF-16, little-endian', file: utf16(csv(`Zoë${family}${REST}`)), members: [`Zoë${family}`] },
  { name: 'UTF-16, big-endian', file: bigEndian(utf16(csv(`漢字😀${REST}`))), members: ['漢字😀'] },
  {
    name: 'UTF-16 with quotes, CRLF and semicolons',
    file: utf16(csv(`"é;→"${REST}`).replaceAll(',', ';').replaceAll('\n', '\r\n')),
    members: ['é;→'],
  },
  {
    name: 'UTF-16 with a byte too many',
    file: Buffer.concat([utf16(csv(`A${REST}`)), Buffer.of(0x41)]),
    members: ['A'],
    rejected: [[3, /^1 field, but the header has 5$/]],
  },
  {
    name: 'UTF-16 that ends within a surrogate pair of an id',
    file: Buffer.concat([utf16(csv(`A${REST}`)), Buffer.from('x\uD83D', 'utf16le')]),
    members: ['A'],
    rejected: [[3, /^1 field, but the header has 5$/]],
  },
  {
    name: 'UTF-16 with lone surrogates in ids',
    file: utf16(csv(`A\uD83D${REST}`, `B\uDE00${REST}`, `\uDE00\uD83D${REST}`, `C😀${REST}`)),
    members: ['C😀'],
    rejected: [
      [2, NOT_UTF8],
      [3, NOT_UTF8],
      [4, NOT_UTF8],
    ],
  },
  {
    name: 'UTF-16 in which a file says U+FFFD itself',
    file: utf16(csv(`A\uFFFD${REST}`)),
    members: ['A\uFFFD'],
  },
  { name: 'nothing but the mark of UTF-8', file: '\uFEFF', unusable: /^empty: / },
  { name: 'nothing but the mark of UTF-16', file: Buffer.of(0xff, 0xfe), unusable: /^empty: / },
  {
    name: 'UTF-16 without a mark, little-endian',
    file: Buffer.from(csv(`A${REST}`), 'utf16le'),
    unusable: /^not UTF-8: the file looks like UTF-16 without a byte-order mark; save it as CSV in UTF-8/,
  },
  {
    name: 'UTF-16 without a mark, big-endian',
    file: bigEndian(Buffer.from(csv(`A${REST}`), 'utf16le')),
    unusable: /^not UTF-8: the file looks like UTF-16 without/,
  },
  { name: 'UTF-32', file: Buffer.of(0xff, 0xfe, 0, 0, 0x4d, 0, 0, 0), unusable: /^not UTF-8: .* UTF-32/ },
  { name: 'UTF-32, big-endian', file: Buffer.of(0, 0, 0xfe, 0xff, 0, 0, 0, 0x4d), unusable: /UTF-32/ },
  {
    name: 'Latin-1: rows with umlauts are rejected, the others kept',
    file: latin1(csv(`Müller${REST}`, `Smith${REST}`, `"Groß"${REST}`, `Meyer${REST}`)),
    members: ['Smith', 'Meyer'],
    rejected: [
      [2, NOT_UTF8],
      [4, NOT_UTF8],
    ],
  },
  {
    name: 'Latin-1 in a column that is not needed',
    file: latin1(`${HEADER},NOTE\nA${REST},schön\nB${REST},ok\nC${REST},"schön"\n`),
    members: ['B'],
    rejected: [
      [2, NOT_UTF8],
      [4, NOT_UTF8],
    ],
  },
  {
    name: 'bytes that are not UTF-8 in every column, and U+FFFD that is meant',
    file: latin1(csv('A,\xff,buy,1,1', 'A,,\xff,1,1', 'A,,,\xff,1', 'A,,,,\xff', '\xef\xbf\xbd,,,1,')),
    members: ['\uFFFD'],
    rejected: [
      [2, NOT_UTF8],
      [3, NOT_UTF8],
      [4, NOT_UTF8],
      [5, NOT_UTF8],
    ],
  },
  {
    name: 'overlong, surrogate and unfinished sequences',
    file: latin1(csv(`\xc0\x80${REST}`, `\xed\xa0\x80${REST}`, `\xe2\x82${REST}`, `A${REST}`)),
    members: ['A'],
    rejected: [
      [2, NOT_UTF8],
      [3, NOT_UTF8],
      [4, NOT_UTF8],
    ],
  },
  {
    name: 'an end in the middle of a character',
    file: latin1(`${csv(`A${REST}`)}B${REST}\xe2\x82`),
    members: ['A'],
    rejected: [[3, NOT_UTF8]],
  },
  {
    name: 'a mark in the middle, as in files put together: it is white space',
    file: `\uFEFF${csv(`A${REST}`)}\uFEFF${HEADER}\n\uFEFFA${REST}\n`,
    members: ['A'],
    accepted: 2,
  },
  row('a NUL in an id', `A\0${REST}`, /^NUL bytes/),
  row('a NUL in a quoted cell', `"A\0"${REST}`, /^NUL bytes/),
  { name: 'NULs in the header', file: csv(`A${REST}`).replace('_', '\0'), unusable: /^not text: .* NUL bytes/ },
  { name: 'NULs only', file: Buffer.alloc(70_000), unusable: /^not text: .* NUL bytes/ },
];

/** The mimetype of a document is not compressed. */
const zip = (name: string, text: string) => Buffer.from(zipSync({ [name]: [strToU8(text), { level: 0 }] }));

/** Files that are no CSV, under a name that says they are. */
export const OTHER_KINDS: HostileFile[] = [
  {
    name: 'an .xlsx',
    file: zip('[Content_Types].xml', '<Types/>'),
    unusable: /looks like an Excel workbook .*upload the workbook itself/,
  },
  {
    name: 'an .ods',
    file: zip('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'),
    unusable: /looks like an OpenDocument file/,
  },
  { name: 'a zip with a picture', file: zip('a.png', '\x89PNG'), unusable: /^in a.png: / },
  { name: 'an .xls', file: latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), unusable: /an old Excel workbook/ },
  { name: 'a gzip', file: latin1('\x1f\x8b\x08\0\0'), unusable: /gzip archive is cut off/ },
  { name: 'a PDF', file: '%PDF-1.7\n%âãÏÓ\n1 0 obj\n', unusable: /looks like a PDF; export the table as CSV/ },
  { name: 'a PNG', file: latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), unusable: /looks like a PNG picture/ },
  { name: 'a JPEG', file: latin1('\xff\xd8\xff\xe0\0\x10JFIF'), unusable: /looks like a JPEG picture/ },
  { name: 'a program', file: latin1('\x7fELF\x02\x01\x01\0\0\n\0"\n'), unusable: /^not text: .* NUL bytes/ },
  { name: 'a web page', file: '<!doctype html>\n<h1>404</h1>\n', unusable: /looks like a web page \(HTML\)/ },
  { name: 'JSON', file: '{"MEMBER_ID": 1}\n', unusable: /looks like JSON/ },
];
