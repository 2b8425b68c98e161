import { gzipSync } from 'node:zlib';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { DEFAULT_LIMITS } from '../../../lib/transactions/limits.ts';
import { chunked, csv, REST, readFile } from './hostile/hostile-file.ts';
import { type EntryOptions, zipOf } from './zip-builder.ts';

const JANUARY = { name: 'january.csv', content: csv(`A${REST}`, `B${REST}`) };
const FEBRUARY = { name: 'february.csv', content: csv(`A${REST}`, `C${REST}`, 'D') };
const CHUNKS = [1, 7, 1_000_000];

const read = (file: Buffer | Uint8Array, chunkBytes = 7) => readFile(chunked(Buffer.from(file), chunkBytes));
const refusalOf = async (...entries: EntryOptions[]) => (await read(zipOf(...entries))).unusable;

describe('a ZIP archive', () => {
  it.each(CHUNKS)('with one CSV is read as that, in chunks of %d bytes', async (chunkBytes) => {
    const { aggregates, counts, understood, unusable } = await read(zipOf(JANUARY), chunkBytes);
    expect({ unusable, ids: aggregates.memberIds, counts }).toMatchObject({
      unusable: undefined,
      ids: ['A', 'B'],
      counts: { read: 2, accepted: 2 },
    });
    expect(understood).toMatchObject({ kind: 'CSV in a ZIP archive' });
    expect(understood).not.toHaveProperty('parts');
  });

  it.each(CHUNKS)('with several is read as one file, in chunks of %d bytes', async (chunkBytes) => {
    const { aggregates, counts, rejectedRows, understood } = await read(zipOf(JANUARY, FEBRUARY), chunkBytes);
    expect(aggregates.memberIds).toEqual(['A', 'B', 'C']);
    expect(counts).toMatchObject({ read: 5, accepted: 4, rejected: 1 });
    expect(rejectedRows).toMatchObject([{ line: 4, reason: expect.stringMatching(/^february\.csv: /), raw: 'D' }]);
    expect(understood).toMatchObject({
      kind: '2 CSVs in a ZIP archive',
      parts: [
        { name: 'january.csv', rows: 2 },
        { name: 'february.csv', rows: 3 },
      ],
    });
  });

  it('has a header in each of its CSVs, which may be another one', async () => {
    const content =
      'MEMBER_ID;X;LAST_TRANSACTION_TS;LAST_TRANSACTION_TYPE;LAST_TRANSACTION_REVENUE_USD;LAST_TRANSACTION_POINTS_BOUGHT\nE;x;2024-01-01;buy;1;1\n';
    const { aggregates, counts } = await read(zipOf(JANUARY, { name: 'other.txt', content }));
    expect(aggregates.memberIds).toEqual(['A', 'B', 'E']);
    expect(counts).toMatchObject({ read: 3, accepted: 3 });
  });

  it('may hold files with nothing in them, and with nothing but a header', async () => {
    const { aggregates, unusable } = await read(
      zipOf({ name: 'empty.csv', content: '' }, JANUARY, { name: 'header.csv', content: csv() }),
    );
    expect({ unusable, ids: aggregates.memberIds }).toEqual({ unusable: undefined, ids: ['A', 'B'] });
  });

  it.each([
    ['stored', { method: 0 }],
    ['with its sizes in ZIP64', { isZip64: true }],
    ['with sizes behind it', { descriptor: { isSigned: true, isLong: false } }],
    ['with long sizes behind it', { descriptor: { isSigned: true, isLong: true } }],
    ['with sizes behind it without a signature', { descriptor: { isSigned: false, isLong: false } }],
    ['with long sizes behind it without a signature', { descriptor: { isSigned: false, isLong: true } }],
    ['with ZIP64 and sizes behind it', { isZip64: true, descriptor: { isSigned: true, isLong: true } }],
  ])('may have its CSVs %s', async (_, how) => {
    for (const chunkBytes of CHUNKS) {
      const empty = { name: 'empty.csv', content: '', ...how };
      const { counts, unusable } = await read(
        zipOf({ ...JANUARY, ...how }, empty, { ...FEBRUARY, ...how }),
        chunkBytes,
      );
      expect({ unusable, accepted: counts.accepted }).toEqual({ unusable: undefined, accepted: 4 });
    }
  });

  it('may be what another program has written, at once or as a stream', async () => {
    const atOnce = zipSync({
      data: { 'january.csv': strToU8(JANUARY.content) },
      'february.csv': [strToU8(FEBRUARY.content), { level: 0 }],
    });
    expect((await read(atOnce)).counts.accepted).toBe(4);
    const streamed: Uint8Array[] = [];
    const zip = new Zip((_, chunk) => streamed.push(chunk));
    for (const { name, content } of [JANUARY, FEBRUARY]) {
      const entry = new ZipDeflate(name);
      zip.add(entry);
      entry.push(strToU8(content), true);
    }
    zip.end();
    expect((await read(Buffer.concat(streamed))).counts.accepted).toBe(4);
  });

  it('may hold folders, and what macOS and Windows add', async () => {
    const additions = [
      'data/',
      '__MACOSX/data/._january.csv',
      'data/.DS_Store',
      'data/._x.csv',
      'Thumbs.db',
      'a/desktop.ini',
      'data\\',
      'january/.part-0.csv.crc',
      'january/._SUCCESS.crc',
      'january/_SUCCESS',
      'january/_committed_8412',
      '_started_8412',
      'january/_temporary/0/part-0.csv',
    ];
    const entries = additions.map((name) => ({ name, content: /[/\\]$/.test(name) ? '' : '\0\x05\x16\x07' }));
    const { counts, understood, unusable } = await read(zipOf(...entries, JANUARY));
    expect({ unusable, accepted: counts.accepted, kind: understood.kind }).toEqual({
      unusable: undefined,
      accepted: 2,
      kind: 'CSV in a ZIP archive',
    });
  });

  it.each(['../january.csv', '/etc/january.csv', 'C:\\january.csv', 'a//b.csv', '💶.csv'])(
    'may name a file %s: nothing is stored under that',
    async (name) => {
      expect((await read(zipOf({ ...JANUARY, name }))).counts.accepted).toBe(2);
    },
  );

  it('may have names that are not in UTF-8', async () => {
    const named = (letter: number, content: string) => {
      return { name: Buffer.from([0x47, 0x72, letter, 0x6e, 0x2e, 0x63, 0x73, 0x76]), content };
    };
    const { understood, unusable } = await read(zipOf(named(0x81, csv(`A${REST}`)), named(0x84, csv(`B${REST}`))));
    expect({ unusable, names: understood.parts?.map(({ name }) => name) }).toEqual({
      unusable: undefined,
      names: ['Grün.csv', 'Grän.csv'],
    });
    const inUtf8 = zipOf({ name: Buffer.from('Grün.csv'), content: csv(`A${REST}`) }, JANUARY);
    expect((await read(inUtf8)).understood.parts?.[0]?.name).toBe('Grün.csv');
  });

  it('shows no control characters of a name', async () => {
    expect(await refusalOf({ name: 'a\u001b[2J.csv', content: 'x' })).toMatch(/^in a\uFFFD\[2J\.csv: no header: /);
  });
});

const DAMAGED = /the ZIP archive is damaged and cannot be unpacked; pack the file anew, or upload it as it is$/;

describe('a ZIP archive is refused', () => {
  it.each<[string, RegExp, EntryOptions[]]>([
    ['encrypted', /^the ZIP archive is encrypted; pack the file without a password$/, [{ ...JANUARY, flags: 1 }]],
    ['encrypted strongly', /^the ZIP archive is encrypted/, [{ ...JANUARY, flags: 0x40 }]],
    [
      'packed in another way',
      /holds january\.csv packed in a way that is not known here; .* Deflate$/,
      [{ ...JANUARY, method: 9 }],
    ],
    [
      'stored without its size before it',
      /packed in a way that is not known here/,
      [{ ...JANUARY, method: 0, descriptor: { isSigned: true, isLong: false } }],
    ],
    ['of a wrong checksum', DAMAGED, [{ ...JANUARY, checksum: 1 }]],
    [
      'of a wrong checksum behind it',
      DAMAGED,
      [{ ...JANUARY, checksum: 1, descriptor: { isSigned: true, isLong: false } }],
    ],
    ['of a wrong size', DAMAGED, [{ ...JANUARY, bytes: 1 }]],
    ['not in the list of contents', DAMAGED, [JANUARY, { ...FEBRUARY, isUnlisted: true }]],
    ['there twice', /holds january\.csv twice: it is not clear which one counts$/, [JANUARY, JANUARY]],
    ['a folder with something in it', DAMAGED, [{ name: 'data/', content: 'x' }, JANUARY]],
    ['no CSV', /^in readme\.md: no header: /, [JANUARY, { name: 'readme.md', content: '# Members\n' }]],
    [
      'an archive itself',
      /^in january\.csv\.gz: not a CSV: what is in the ZIP archive looks like a gzip archive; unpack it/,
      [{ name: 'january.csv.gz', content: gzipSync(JANUARY.content) }],
    ],
    [
      'a ZIP archive itself',
      /^in all\.zip: .* looks like a ZIP archive; unpack it/,
      [{ name: 'all.zip', content: zipOf(JANUARY) }],
    ],
    ['nothing but a folder', /^empty: the ZIP archive holds no files$/, [{ name: 'data/', content: '' }]],
    ['under a very long name', /a name that is too long$/, [{ ...JANUARY, name: 'x'.repeat(1025) }]],
  ])('when what it holds is %s', async (_, reason, entries) => {
    expect(await refusalOf(...entries)).toMatch(reason);
  });

  it('when it is cut off anywhere', async () => {
    const whole = zipOf(JANUARY, { ...FEBRUARY, descriptor: { isSigned: true, isLong: false } });
    for (let bytes = 4; bytes < whole.length; bytes++) {
      const { unusable } = await read(whole.subarray(0, bytes), 1000);
      expect(unusable).toMatch(/the ZIP archive is cut off: it ends in the middle; upload it again$/);
    }
  });

  it('when what is packed in it is damaged', async () => {
    const file = zipOf(JANUARY);
    // The first block of Deflate says that it is of a type that there is none of.
    file[30 + JANUARY.name.length] = 0x07;
    expect((await read(file)).unusable).toMatch(DAMAGED);
  });

  it('when other bytes follow it', async () => {
    expect((await read(Buffer.concat([zipOf(JANUARY), Buffer.from('x')]))).unusable).toMatch(DAMAGED);
    expect((await read(Buffer.concat([zipOf(JANUARY), Buffer.alloc(600)]))).unusable).toBeUndefined();
  });

  it.each([
    ['docProps/app.xml', 'an Excel workbook (.xlsx)'],
    ['_rels/.rels', 'an Excel workbook (.xlsx)'],
    ['xl/worksheets/sheet1.xml', 'an Excel workbook (.xlsx)'],
    ['word/document.xml', 'a Word document (.docx)'],
    ['ppt/presentation.xml', 'a PowerPoint document (.pptx)'],
    ['xl/workbook.bin', 'a binary Excel workbook (.xlsb)'],
    ['Index/Tables/DataList.iwa', 'a Numbers document (.numbers)'],
  ])('when it is a document that begins with %s', async (name, kind) => {
    const reason = `not a CSV: the file looks like ${kind}; `;
    expect(await refusalOf({ name, content: '<x/>' }, JANUARY)).toContain(reason);
    expect(await refusalOf(JANUARY, { name, content: '<x/>' })).toContain(reason);
  });

  it('when all that it holds together is more than a file may have, also in what is not read', async () => {
    const limits = { ...DEFAULT_LIMITS, fileBytes: 1000 };
    const text = csv(...Array(20).fill(`A${REST}`));
    expect(text.length).toBeLessThan(1000);
    for (const name of ['b.csv', '__MACOSX/b.csv']) {
      const file = zipOf({ name: 'a.csv', content: text }, { name, content: text });
      const { unusable } = await readFile(chunked(file, 1000), limits);
      expect(unusable).toMatch(
        /too large: what is in the ZIP archive has more than the 1,000 bytes that are read at the most; split it$/,
      );
    }
  });

  it('when it holds more files than a report lists', async () => {
    const entries = Array.from({ length: 1001 }, (_, index) => ({ name: `${index}.csv`, content: csv(`A${REST}`) }));
    expect((await read(zipOf(...entries.slice(1)), 1_000_000)).counts.accepted).toBe(1000);
    expect((await read(zipOf(...entries), 1_000_000)).unusable).toMatch(
      /^the ZIP archive holds more than 1000 files; split it$/,
    );
  });
});
