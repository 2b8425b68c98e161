import type { Call } from '../../calls.ts';
import type { ScoredMember } from '../../run/contracts.ts';
import { TOTAL } from '../../timing/steps.ts';
import type { RunFigures } from '../figures/run-figures.ts';
import { requestsFor, timed } from '../figures/tally.ts';
import { shareOf } from '../view/numbers.ts';
import { type PhaseRow, type RequestRow, STEP_TIMES, type StepRow } from '../view/times.ts';
import { viewOf } from '../view/view.ts';
import {
  bar,
  header,
  heading,
  type Line,
  MS_FORMAT,
  number,
  remark,
  SHARE_FORMAT,
  text,
  WHOLE_FORMAT,
  writeLines,
} from './cells.ts';
import { cellText } from './text.ts';
import { HEADER_HEIGHT, LANDSCAPE, type ReportWorkbook } from './workbook.ts';

const BAR_LENGTH = 20;
const RATE_FORMAT = '#,##0.0';

const COLUMNS = [
  { name: 'STEP', width: 42 },
  { name: 'TIMED_PER', width: 14 },
  { name: 'COUNT', width: 13 },
  ...STEP_TIMES.map((time) => ({ name: `${time.toUpperCase()}_MS`, width: 15 })),
  { name: 'THROUGHPUT_PER_SECOND', width: 28 },
  { name: 'THROUGHPUT_OF', width: 18 },
  { name: 'SHARE_OF_RUN', width: 17 },
  { name: '', width: 26 },
];

/** Empty columns between the name and the duration of a phase, and the columns of its note. */
const BEFORE_DURATION = 2;
const NOTE_COLUMNS = COLUMNS.length - 4 - BEFORE_DURATION;

/** Writes how long every step and every phase took, and which members took longest. */
export function writeLatencySheet(workbook: ReportWorkbook, { summary, slowestMembers }: RunFigures): void {
  const sheet = workbook.addWorksheet('Latency', { pageSetup: LANDSCAPE });
  const { steps, phases, calls, requests, sharedRequests } = viewOf(summary);
  sheet.columns = COLUMNS.map(({ width }) => ({ width }));
  writeLines(sheet, 1, [
    headerLine(COLUMNS.map(({ name }) => name)),
    ...steps.map(stepLine),
    ...(sharedRequests === undefined ? [] : requestLines(requests, sharedRequests.sentence)),
    ...phaseLines(phases),
    ...slowestLines(slowestMembers, calls.all),
  ]);
  sheet.commit();
}

function stepLine({ step, unit, count, times, throughputPerSecond, items, share = 0 }: StepRow): Line {
  return {
    cells: [
      text(step),
      text(unit),
      number(count, WHOLE_FORMAT),
      ...times.map((time) => number(time, MS_FORMAT)),
      number(throughputPerSecond, RATE_FORMAT),
      remark(items),
      number(share, SHARE_FORMAT),
      bar(share, BAR_LENGTH),
    ],
  };
}

/** How many members a request to each endpoint was for. */
function requestLines(requests: readonly RequestRow[], sentence: string): Line[] {
  return [
    { cells: [] },
    { cells: [heading('How many members a request was for', COLUMNS.length)], height: HEADER_HEIGHT },
    headerLine(['ENDPOINT', '', 'REQUESTS', 'PER_REQUEST', 'REQUESTS/S', 'MEMBERS/S']),
    ...requests.map(({ label, sent, perRequest, requestsPerSecond, step }): Line => {
      const rates = [perRequest?.members ?? 1, requestsPerSecond, step?.throughputPerSecond];
      return {
        cells: [text(label), undefined, number(sent, WHOLE_FORMAT), ...rates.map((rate) => number(rate, RATE_FORMAT))],
      };
    }),
    { cells: [remark(sentence, COLUMNS.length)] },
  ];
}

function phaseLines(phases: readonly PhaseRow[]): Line[] {
  if (phases.length === 0) return [];
  const names = Array.from({ length: COLUMNS.length }, () => '');
  const empty = Array.from({ length: BEFORE_DURATION }, () => undefined);
  const titles = ['PHASE', ...empty.map(() => ''), 'DURATION_MS', 'WHAT_HAPPENS'];
  names.splice(0, titles.length, ...titles);
  names[COLUMNS.length - 2] = 'SHARE_OF_RUN';
  return [
    { cells: [] },
    { cells: [heading('Where the time went, from the upload to the report', COLUMNS.length)], height: HEADER_HEIGHT },
    headerLine(names),
    ...phases.map(({ phase, durationMs, note, share }): Line => {
      const cells = [text(phase), ...empty, number(durationMs, MS_FORMAT), remark(note, NOTE_COLUMNS)];
      return { cells: [...cells, number(share, SHARE_FORMAT), bar(share, BAR_LENGTH)] };
    }),
  ];
}

function slowestLines(members: readonly ScoredMember[], calls: readonly Call[]): Line[] {
  if (members.length === 0) return [];
  const slowestMs = members[0]?.latency.total ?? 0;
  const columns = calls.map(({ label }) => cellText(`${label}_MS`));
  return [
    { cells: [] },
    { cells: [heading(`The slowest members (${members.length})`, COLUMNS.length)], height: HEADER_HEIGHT },
    headerLine(['MEMBER_ID', 'STATUS', 'ATTEMPTS', 'TOTAL_MS', ...columns]),
    ...members.map((member): Line => {
      const { memberId, outcome, latency } = member;
      const durations = [timed(member, TOTAL), ...calls.map(({ name }) => timed(member, name))];
      return {
        cells: [
          text(memberId),
          text(outcome.status),
          number(requestsFor(member), WHOLE_FORMAT),
          ...durations.map((duration) => number(duration, MS_FORMAT)),
          bar(shareOf(latency.total, slowestMs), 2 * BAR_LENGTH),
        ],
      };
    }),
  ];
}

/** A header row up to the last column; columns without a name are empty. */
function headerLine(names: readonly string[]): Line {
  const columns = Math.max(COLUMNS.length, names.length);
  const cells = Array.from({ length: columns }, (_, column) => header(names[column] ?? ''));
  return { cells, height: HEADER_HEIGHT };
}
