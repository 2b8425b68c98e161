import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { EXAMPLE_NAMES, SAMPLE_AS_OF, SAMPLES } from '../../../scripts/sample/samples.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

/** Columns about how the scoring of a member went: latencies are others each time. */
const OF_SCORING = /^(STATUS|REJECTED_ROWS|ERROR|ATTEMPTS|\w+_LATENCY_MS)$/;

/** What reports say, by what the program calls it that has worked out the expected values. */
const REASONS = {
  'too few fields': /^[45] fields, but the header has [56]$/,
  'too many fields': /^6 fields, but the header has 5$/,
  'blank member': /^(Kundennummer|Subscriber) is blank$/,
  'impossible date': /^(Datum|Sent at|Joined) ".*" is not a date or time as /,
  'after the as-of day': /^(Datum|Sent at) ".*" is after the as-of day$/,
  'unknown type': /^(Vorgang|Reaction) ".*" is not /,
  'unreadable number': /^(Betrag|Seconds read) ".*" is not a number by /,
};

interface Counts {
  rows: Record<string, number>;
  members: number;
  offers: Record<string, number>;
  rejectedRows: { line: number; reason: keyof typeof REASONS }[];
}

/** Worked out by a program of its own, see tests/data/expected_examples.py. */
async function expectedOf(partner: string): Promise<{ members: Record<string, string>[]; counts: Counts }> {
  const members: Record<string, string>[] = parse(await readFile(`tests/data/expected-${partner}.csv`), {
    columns: true,
  });
  return { members, counts: JSON.parse(await readFile(`tests/data/expected-${partner}.json`, 'utf8')) };
}

async function dropSample(partner: (typeof EXAMPLE_NAMES)[number]) {
  const { file } = SAMPLES[partner];
  const body = await readFile(file);
  const summary = await pipeline.drop('members.csv', body, SAMPLE_AS_OF, partner);
  return { summary, lines: body.toString().split('\n') };
}

describe.each(EXAMPLE_NAMES)('the file of the example %s', (partner) => {
  it('becomes a report with every cell as worked out independently', async () => {
    const { members, counts } = await expectedOf(partner);
    const { summary } = await dropSample(partner);
    expect(summary).toMatchObject({ status: 'COMPLETE', partner, asOf: SAMPLE_AS_OF, rows: counts.rows });
    expect(summary.members).toEqual({ total: counts.members, scored: counts.members, failed: 0 });
    const sheet = (await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Members');
    const rows = rowsOf(sheet);
    expect(rows.map(({ MEMBER_ID }) => MEMBER_ID)).toEqual(members.map(({ MEMBER_ID }) => MEMBER_ID));
    const columns = Object.keys(rows[0] ?? {}).filter((column) => !OF_SCORING.test(column));
    expect(columns.toSorted()).toEqual(Object.keys(members[0] ?? {}).toSorted());
    for (const [place, expected] of members.entries()) {
      for (const [column, wanted] of Object.entries(expected)) expectCell(rows[place]?.[column], wanted);
    }
  });

  it('has each offer as often, and each row that cannot be used with line and reason', async () => {
    const { counts } = await expectedOf(partner);
    const { summary, lines } = await dropSample(partner);
    expect(summary.offers ?? {}).toEqual(counts.offers);
    const rows = rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Rejected rows'));
    expect(rows.map(({ LINE }) => LINE)).toEqual(counts.rejectedRows.map(({ line }) => line));
    for (const [place, { line, reason }] of counts.rejectedRows.entries()) {
      expect(rows[place]).toMatchObject({ RAW: lines[line - 1], REASON: expect.stringMatching(REASONS[reason]) });
    }
  });
});

/** Numbers but for 1e-9 of them; all else exactly. */
function expectCell(cell: unknown, wanted: string): void {
  if (typeof cell !== 'number') expect(cell).toBe(wanted);
  else expect(Math.abs(cell - Number(wanted))).toBeLessThanOrEqual(1e-9 * Math.abs(Number(wanted)));
}
