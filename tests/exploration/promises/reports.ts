import { strFromU8, unzipSync } from 'fflate';
import { type Outcome, type ScoredMember, scoredMemberSchema } from '../../../lib/run/contracts.ts';
import { outputKey } from '../../../lib/run/keys.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import type { Harness } from '../harness.ts';

/** What one of a report's files says of the members, by their ids in order: a status, or an offer. */
type Told = Record<string, string>;

/** What a run's five outputs say, each read by itself. */
export interface ReportFiles {
  members: ScoredMember[];
  offers: Told;
  workbook: Told;
  rejectedInWorkbook: number;
  page: string;
}

/** @throws when one of them is not there or cannot be read */
export function readReport(harness: Harness, { partner, runId }: Summary): ReportFiles {
  const bodyOf = (output: 'workbook' | 'page' | 'offers' | 'members'): Buffer => {
    const object = harness.objects.find(outputKey(partner, runId, output));
    if (object === undefined) throw new Error(`there is no ${output}`);
    return object.body;
  };
  const sheets = sheetsOf(bodyOf('workbook'));
  return {
    members: linesOf(bodyOf('members')).map((line) => scoredMemberSchema.parse(JSON.parse(line))),
    offers: offersIn(bodyOf('offers')),
    workbook: statusesIn(sheets.find((sheet) => sheet.includes('MEMBER_ID') && sheet.includes('IMPUTED_VALUES')) ?? ''),
    rejectedInWorkbook: rowsIn(sheets.find((sheet) => sheet.includes('>RAW<')) ?? '').length - 1,
    page: bodyOf('page').toString(),
  };
}

/** Where a report's files say something else than its summary. */
export function disagreements(summary: Summary, files: ReportFiles): string[] {
  const { scored, failed, total } = summary.members;
  const statuses = toldBy(files.members, ({ status }) => status);
  const offers = toldBy(files.members, (outcome) => (outcome.status === 'SCORED' ? outcome.offer : undefined));
  const counted = Object.values(statuses).filter((status) => status === 'SCORED').length;
  return [
    differs('members.jsonl', `${files.members.length}, ${counted} scored`, `${total}, ${scored} scored`),
    differs('members of members.jsonl', Object.keys(statuses).length, files.members.length),
    differs('the sum of the summary', scored + failed, total),
    differs('offers.csv', files.offers, offers),
    differs('the workbook', files.workbook, statuses),
    differs('rejected rows of the workbook', files.rejectedInWorkbook, summary.rows.rejected),
    differs('rejections of the summary', rejectedBy(summary), summary.rows.rejected),
    differs('the page', /class="status (\w+)"/.exec(files.page)?.[1], summary.status.toLowerCase()),
    differs('the page', /(\d+) failed</.exec(files.page)?.[1], String(failed)),
  ].flat();
}

function rejectedBy({ rejections }: Summary): number {
  return rejections.reduce((sum, { rows }) => sum + rows, 0);
}

function differs(what: string, said: unknown, expected: unknown): string[] {
  const [one, other] = [JSON.stringify(said), JSON.stringify(expected)];
  return one === other ? [] : [`${what}: ${one}, not ${other}`];
}

function toldBy(members: readonly ScoredMember[], told: (outcome: Outcome) => string | undefined): Told {
  return Object.fromEntries(
    members.flatMap(({ memberId, outcome }) => {
      const text = told(outcome);
      return text === undefined ? [] : [[memberId, text]];
    }),
  );
}

export function linesOf(body: Buffer): string[] {
  return body.toString().split('\n').filter(Boolean);
}

function offersIn(body: Buffer): Told {
  const rows = linesOf(body).map((line) => line.replaceAll('"', '').split(','));
  return Object.fromEntries(rows.slice(1).map(([memberId = '', offer = '']) => [memberId, offer]));
}

function sheetsOf(workbook: Buffer): string[] {
  const files = unzipSync(new Uint8Array(workbook), { filter: ({ name }) => name.startsWith('xl/worksheets/sheet') });
  return Object.values(files).map((file) => strFromU8(file));
}

function rowsIn(sheet: string): string[] {
  return sheet.match(/<row [\s\S]*?<\/row>/g) ?? [];
}

function statusesIn(sheet: string): Told {
  return Object.fromEntries(
    rowsIn(sheet)
      .slice(1)
      .map((row) => [/>(M\d+)</.exec(row)?.[1] ?? row, /SCORED|FAILED/.exec(row)?.[0] ?? '']),
  );
}
