import { text } from 'node:stream/consumers';
import { type ScoredMember, scoredMemberSchema } from '../../../lib/run/contracts.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { outputOf, type Pipeline, rowsOf } from '../harness/pipeline.ts';

export const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

/** In a file of fewer rows, a single one is more than may be rejected. */
const ROWS_PER_REJECTED = 20;

/** A file of so many members, one transaction each and, in one that is not too short for it, one row that is rejected. */
export function fileOf(members: number): string {
  const rows = Array.from({ length: members }, (_, index) => `M${index},2024-01-0${1 + (index % 9)},buy,${index}00,3`);
  const rejected = rows.length < ROWS_PER_REJECTED ? [] : ['BAD,2024-01-01,sell,1,1'];
  return [HEADER, ...rows, ...rejected, ''].join('\n');
}

/** Where reports are read from. */
type Reader = Pick<Pipeline, 'bucket' | 'workbook'>;

export async function membersOf(pipeline: Reader, summary: Summary): Promise<ScoredMember[]> {
  const { chunks } = await pipeline.bucket.read(outputOf(summary, 'members'));
  return Array.fromAsync(readJsonLines(chunks, scoredMemberSchema));
}

/** All that a report says, but for times and attempts. */
export async function contentOf(pipeline: Reader, summary: Summary) {
  const { status, rows, rejections, members, offers, predictions, boundaries } = summary;
  const workbook = await pipeline.workbook(outputOf(summary, 'workbook'));
  const rowsIn = (name: string) =>
    rowsOf(workbook.getWorksheet(name)).map((row) =>
      Object.fromEntries(Object.entries(row).filter(([column]) => !/_MS$|^ATTEMPTS$/.test(column))),
    );
  return {
    summary: { status, rows, rejections, members, offers, predictions, boundaries },
    sheets: workbook.worksheets.map(({ name }) => name),
    membersSheet: rowsIn('Members'),
    rejectedSheet: rowsIn('Rejected rows'),
    offers: await text((await pipeline.bucket.read(outputOf(summary, 'offers'))).chunks),
    members: (await membersOf(pipeline, summary)).map(({ latency: _, attempts: __, ...member }) => member),
  };
}
