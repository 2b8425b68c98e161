import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { TransactionReader } from '../../../lib/transactions/reader.ts';
import type { RejectedRow } from '../../../lib/transactions/row-account.ts';
import { DEFAULT } from '../../default-partner.ts';
import { chunked, csv, HEADER, REST } from './hostile/hostile-file.ts';

const inputIn = (encoding: string | undefined) =>
  definitionSchema.parse({ ...DEFAULT, input: { ...DEFAULT.input, ...(encoding && { encoding }) } }).input;

/** @param encoding what the partner file says */
async function read(file: Buffer, encoding?: string) {
  const members: string[] = [];
  const rejected: RejectedRow[] = [];
  const reject = async (rows: readonly RejectedRow[]) => void rejected.push(...rows);
  const add = ({ memberId }: { memberId: string }) => void members.push(memberId);
  const reader = new TransactionReader({ add }, { input: inputIn(encoding), asOfDay: 19_753, reject });
  const failed = await reader.read([{ open: async () => chunked(file, 3) }]).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const { notes, encoding: understood } = reader.understood;
  return { members, lines: rejected.map(({ line }) => line), notes, encoding: understood, failed };
}

/** `é` is a byte of Windows-1252, as Latin-1 has it; \x80 is its €. */
const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** Köln and Zürich as old Macs write them. */
const mac = (text: string) => latin1(text.replaceAll('ö', '\x9a').replaceAll('ü', '\x9f'));
const offerOf = (example: string, rows: string) =>
  `looks like Windows-1252, as which line 2 holds "${example}": set encoding: Windows-1252 in the partner file, which would save ${rows}`;

describe('a file whose bytes are not UTF-8', () => {
  it('is offered to be read as Windows-1252, with the rows that this would save', async () => {
    const file = latin1(
      csv(`René${REST}`, `Ann${REST}`, `"Bjørn"${REST}`, 'Zoë,never,buy,1,1', 'Jo,2024-01-01,büy,1,1'),
    );
    expect(await read(file)).toEqual({
      members: ['Ann'],
      lines: [2, 4, 5, 6],
      notes: [`The file ${offerOf('René', '2 rows')}.`],
      encoding: 'UTF-8',
      failed: undefined,
    });
  });

  it('says so when no row of it could be used', async () => {
    expect((await read(latin1(csv(`René${REST}`)))).failed).toMatch(
      new RegExp(`, all 1 were rejected; .*; the file ${offerOf('René', '1 row')}$`),
    );
  });

  it('is offered to be read as that of an old Mac', async () => {
    expect(await read(mac(`${HEADER},CITY\rA${REST},Köln\rB${REST},Zürich\r`))).toMatchObject({
      failed: expect.stringContaining(
        'looks like macintosh, as which line 2 holds "Köln": set encoding: macintosh in the partner file, which would save 2 rows',
      ),
    });
  });

  it('is offered the same when blanks stand around its quotes, or line breaks in them', async () => {
    const file = latin1(`${HEADER},NOTE\n"René" ,2024-01-01,buy,1,1,\nAnn${REST},"é\n1"\nJo${REST},\n`);
    expect(await read(file)).toMatchObject({
      members: ['Jo'],
      lines: [2, 3],
      notes: [`The file ${offerOf('René', '2 rows')}.`],
    });
  });

  it('is offered nothing when other rows hold UTF-8, which would be spoilt', async () => {
    const file = Buffer.concat([latin1(csv(`René${REST}`)), Buffer.from(`Zoë${REST}\n`)]);
    expect(await read(file)).toMatchObject({ members: ['Zoë'], lines: [2], notes: [] });
  });

  it.each([
    ['bytes that Windows-1252 does not have', latin1(csv(`Ren\xe9 \x8d.${REST}`, `A${REST}`))],
    ['rows that it would not save', latin1(csv('René,never,buy,1,1', `A${REST}`))],
    ['a mark of UTF-8', Buffer.concat([Buffer.from('\uFEFF'), latin1(csv(`René${REST}`, `A${REST}`))])],
  ])('is offered nothing with %s', async (_, file) => {
    expect(await read(file)).toMatchObject({ members: ['A'], lines: [2], notes: [] });
  });

  // Each name was encoded by hand; before it in the file stands what its bytes are in Latin-1.
  it.each([
    ['Windows-1251', 'Иван', '\xc8\xe2\xe0\xed'],
    ['Windows-1253', 'Γιώργος', '\xc3\xe9\xfe\xf1\xe3\xef\xf2'],
    ['KOI8-R', 'Иван', '\xe9\xd7\xc1\xce'],
    ['Shift_JIS', '佐藤', '\x8d\xb2\x93\xa1'],
    ['Shift_JIS', '田中鈴木', '\x93\x63\x92\x86\x97\xe9\x96\xd8'],
    ['GBK', '王伟', '\xcd\xf5\xce\xb0'],
    ['Big5', '王小明', '\xa4\xfd\xa4\x70\xa9\xfa'],
    ['EUC-KR', '김철수', '\xb1\xe8\xc3\xb6\xbc\xf6'],
  ])('is not taken for Windows-1252 when it is in %s, as %s is', async (encoding, name, bytes) => {
    const file = latin1(csv(`${bytes}${REST}`, `A${REST}`));
    expect((await read(file)).notes).toEqual([
      'The file looks like letters of another script: name its encoding in the partner file, such as encoding: Windows-1251, Shift_JIS or GBK.',
    ]);
    expect((await read(file, encoding)).members).toEqual([name, 'A']);
  });

  it.each([
    ['Windows-1250', 'Łukasz', '\xa3ukasz'],
    ['Windows-1250', 'Małgorzata', 'Ma\xb3gorzata'],
    ['Windows-1250', 'Żaneta', '\xafaneta'],
    ['ISO-8859-2', 'Dušan', 'Du\xb9an'],
    ['ISO-8859-15', 'Dušan', 'Du\xa8an'],
    ['ISO-8859-15', 'Œuvrard', '\xbcuvrard'],
  ])('is not taken for it either when it is in %s, as %s is', async (encoding, name, bytes) => {
    const file = latin1(csv(`${bytes}${REST}`, `A${REST}`));
    expect((await read(file)).notes).toEqual([
      'The file looks like another encoding of one byte per letter: name it in the partner file, such as encoding: Windows-1250 or ISO-8859-15.',
    ]);
    expect((await read(file, encoding)).members).toEqual([name, 'A']);
  });

  it.each([
    ['Müller', 'M\x81ller'],
    ['Jäger', 'J\x84ger'],
    ['Köhler', 'K\x94hler'],
    ['Ärger', '\x8erger'],
    ['Özil', '\x99zil'],
    ['MÜLLER', 'M\x9aLLER'],
    ['Müßig', 'M\x81\xe1ig'],
    ['André', 'Andr\x82'],
  ])('is not taken for that of an old Mac when it is in CP850, as %s is', async (_, bytes) => {
    expect((await read(latin1(csv(`M\x81ller${REST}`, `${bytes}${REST}`, `A${REST}`)))).notes).toEqual([
      'The file looks like an encoding of DOS, such as CP850, which cannot be read: save it as UTF-8.',
    ]);
  });

  it.each([
    ['Köln', 'K\x9aln'],
    ['Zürich', 'Z\x9frich'],
    ['René', 'Ren\x8e'],
    ['Jäger', 'J\x8ager'],
    ['MUÑOZ', 'MU\x84OZ'],
    ['Åsa', '\x81sa'],
  ])('is taken for that of an old Mac, as %s is', async (name, bytes) => {
    expect((await read(latin1(csv(`${bytes}${REST}`, `A${REST}`)))).notes).toEqual([
      `The file looks like macintosh, as which line 2 holds "${name}": set encoding: macintosh in the partner file, which would save 1 row.`,
    ]);
  });

  it.each(['Rößler', 'Conceição', 'O´Neil é', 'Gal·la', '¿Qué?', '«Ann» é', 'Müller® 5 £', 'Ayþe', 'Zoë “Ann”'])(
    'is taken for Windows-1252, as which %s is shown',
    async (name) => {
      const bytes = name.replace('“', '\x93').replace('”', '\x94');
      expect((await read(latin1(csv(`${bytes}${REST}`, `A${REST}`)))).notes).toEqual([
        `The file ${offerOf(name, '1 row')}.`,
      ]);
    },
  );

  it('and names a column in them is told so', async () => {
    expect((await read(latin1(csv().replace('MEMBER_ID', 'NÚMERO')))).failed).toMatch(
      /^MEMBER_ID missing .*; the header holds bytes that are not UTF-8: name the encoding in the partner file/,
    );
  });
});

describe('the encoding of the partner file', () => {
  it.each([
    ['Windows-1252', latin1(csv(`Ren\xe9 \x80${REST}`)), 'René €'],
    ['ISO-8859-1', latin1(csv(`Ren\xe9${REST}`)), 'René'],
    ['macintosh', mac(csv(`Köln${REST}`)), 'Köln'],
    ['UTF-8', Buffer.from(csv(`Zoë${REST}`)), 'Zoë'],
    ['UTF-16', Buffer.from(csv(`Zoë${REST}`), 'utf16le'), 'Zoë'],
    ['UTF-16BE', Buffer.from(csv(`Zoë${REST}`), 'utf16le').swap16(), 'Zoë'],
    [
      'Shift_JIS',
      Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.of(0x8e, 0x52, 0x93, 0x63), Buffer.from(`${REST}\n`)]),
      '山田',
    ],
  ])('%s is the one that counts', async (encoding, file, member) => {
    expect(await read(file, encoding)).toEqual({
      members: [member],
      lines: [],
      notes: [],
      encoding: `${encoding} (partner file)`,
      failed: undefined,
    });
  });

  it('does not count where a byte-order mark says another', async () => {
    const file = Buffer.from(`\uFEFF${csv(`Zoë${REST}`)}`);
    expect(await read(file, 'Windows-1252')).toMatchObject({
      members: ['Zoë'],
      encoding: 'UTF-8 with a byte-order mark',
    });
  });

  it('is doubted when the file looks like UTF-8', async () => {
    expect((await read(Buffer.from(csv(`Zoë${REST}`)), 'Windows-1252')).notes).toEqual([
      'The file is read as Windows-1252 (partner file), but looks like UTF-8: see whether its letters are right.',
    ]);
  });

  it('has bytes that are no character in it, which reject their row', async () => {
    const file = Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.of(0xff), Buffer.from(`${REST}\nA${REST}\n`)]);
    expect(await read(file, 'Shift_JIS')).toMatchObject({ members: ['A'], lines: [2] });
  });

  it.each(['', 'UTF-7', 'mac roman', 'ANSI'])('cannot be %j', (encoding) => {
    const { error } = definitionSchema.safeParse({ ...DEFAULT, input: { ...DEFAULT.input, encoding } });
    expect(error?.issues).toMatchObject([{ message: expect.stringMatching(/^must be an encoding, such as UTF-8, /) }]);
  });
});
