import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryFile } from '../../../../scripts/partner/trial.ts';
import { trialText } from '../../../../scripts/partner/trial-text.ts';
import { DEFAULT } from '../../../default-partner.ts';

const CSV = `REGION;member id;lastTransactionUtcTs;LAST_TRANSACTION_TYPE;LAST_TRANSACTION_POINTS_BOUGHT;LAST_TRANSACTION_REVENUE_USD
north;A;2024-01-30;buy;100;2
north;A;2024-01-29;gift;200;NA
south;B;;buy;1;1
south;B;2024-02-01;buy;1;1
south;C;2024-01-30;sell;1;1
south;D;2024-01-30;swap;1;1
`;

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trial-'));
  path = join(directory, 'members.csv');
});
afterEach(() => rm(directory, { recursive: true }));

async function tried(csv: string): Promise<string> {
  await writeFile(path, csv);
  return trialText('members.csv', await tryFile(path, DEFAULT, '2024-01-31'), DEFAULT);
}

describe('trying a file', () => {
  it('tells what was found, what could not be used, and the features of the first members', async () => {
    expect(await tried(CSV)).toBe(`members.csv: 6 columns

how it is read:
  kind       CSV
  encoding   UTF-8
  separator  semicolon
  header     line 1

columns by field:
  member   member id                       column 2
  time     lastTransactionUtcTs            column 3  1 blank
  kind     LAST_TRANSACTION_TYPE           column 4
  points   LAST_TRANSACTION_POINTS_BOUGHT  column 5
  revenue  LAST_TRANSACTION_REVENUE_USD    column 6  1 blank
  not used: REGION

rows: 6 read = 3 accepted + 3 rejected; 2 blank cells
  2 × LAST_TRANSACTION_TYPE is not buy, gift or redeem
      as line 6: south;C;2024-01-30;sell;1;1
  1 × LAST_TRANSACTION_TS is after the as-of day
      as line 5: south;B;2024-02-01;buy;1;1

members: 2; the features of the first 2:

                                           A      B
  AVG_POINTS_BOUGHT                      150      1
  AVG_REVENUE_USD                          1      1
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT  150      1
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD      1      1
  PCT_BUY_TRANSACTIONS                   0.5      1
  PCT_GIFT_TRANSACTIONS                  0.5      0
  PCT_REDEEM_TRANSACTIONS                  0      0
  DAYS_SINCE_LAST_TRANSACTION              1  12448`);
  });

  it('takes the parts of a directory for one file, in the order of their names, and nothing else of it', async () => {
    const [header = '', a, b] = CSV.split('\n');
    await mkdir(path);
    for (const [name, content] of Object.entries({ 'part-1': `${header}\n${a}`, 'part-0': header, 'notes.txt': 'x' })) {
      await writeFile(join(path, name), content);
    }
    await writeFile(join(path, 'part-2'), `${header}\n${b}\nx`);
    const { counts, understood, rejections } = await tryFile(path, DEFAULT, '2024-01-31');
    expect(counts).toMatchObject({ read: 3, accepted: 2 });
    expect(understood.parts).toEqual([
      { name: 'part-0', rows: 0 },
      { name: 'part-1', rows: 1 },
      { name: 'part-2', rows: 2 },
    ]);
    expect([...rejections.values()]).toMatchObject([
      { first: { line: 3, reason: expect.stringMatching(/^part-2: /) } },
    ]);
  });

  it('shows ten members at the most', async () => {
    const [header = ''] = CSV.split('\n');
    const rows = Array.from({ length: 12 }, (_, n) => `x;M${n};2024-01-30;buy;${n};1`);
    const text = await tried([header, ...rows].join('\n'));
    expect(text).toContain('members: 12; the features of the first 10:');
    expect(text).toMatch(/ M5 +M6 +M7 +M8 +M9\n/);
    expect(text).not.toContain('M10');
  });

  it('is refused with what is wrong with the file', async () => {
    await expect(tried(CSV.replace('member id', 'customer'))).rejects.toThrow(
      /members.csv cannot be used: MEMBER_ID missing from the header, which is /,
    );
    await expect(tryFile(join(directory, 'none.csv'), DEFAULT, undefined)).rejects.toThrow('cannot read');
  });
});
