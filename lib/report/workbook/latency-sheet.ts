import type { ScoredMember } from '../../run/contracts.ts';
import type { Phase } from '../../run/summary.ts';
import type { Step } from '../../timing/step-timer.ts';
import type { RunFigures } from '../figures/run-figures.ts';
import { requestsFor } from '../figures/tally.ts';
import { shareOf } from '../view/numbers.ts';
import { PHASE_NOTES } from '../view/wording.ts';
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
import { HEADER_HEIGHT, LANDSCAPE, type ReportWorkbook } from './workbook.ts';

const BAR_LENGTH = 20;

const COLUMNS = [
  { name: 'STEP', width: 42 },
  { name: 'TIMED_PER', width: 14 },
  { name: 'COUNT', width: 13 },
  { name: 'MEAN_MS', width: 17 },
  { name: 'P50_MS', width: 13 },
  { name: 'P90_MS', width: 13 },
  { name: 'P95_MS', width: 13 },
  { name: 'P99_MS', width: 13 },
  { name: 'MAX_MS', width: 13 },
  { name: 'THROUGHPUT_PER_SECOND', width: 28 },
  { name: 'THROUGHPUT_OF', width: 18 },
  { name: 'SHARE_OF_RUN', width: 17 },
  { name: '', width: 26 },
] as const;

/** Writes how long every step took, where the time went between the stages, and who took longest. */
export function writeLatencySheet(workbook: ReportWorkbook, { summary, slowestMembers }: RunFigures): void {
  const sheet = workbook.addWorksheet('Latency', {
    pageSetup: LANDSCAPE,
  });
  sheet.columns = COLUMNS.map(({ width }) => ({ width }));
  writeLines(sheet, 1, [
    headerLine(COLUMNS.map(({ name }) => name)),
    ...summary.steps.map((step) => stepLine(step, summary.elapsedMs)),
    ...phaseLines(summary.phases, summary.elapsedMs),
    ...slowestLines(slowestMembers),
  ]);
  sheet.commit();
}

function stepLine(step: Step, elapsedMs: number): Line {
  const durations = [step.meanMs, step.p50Ms, step.p90Ms, step.p95Ms, step.p99Ms, step.maxMs];
  const share = step.span === undefined ? 0 : shareOf(step.span.to - step.span.from, elapsedMs);
  return {
    cells: [
      text(step.step),
      text(step.unit),
      number(step.count, WHOLE_FORMAT),
      ...durations.map((duration) => number(duration, MS_FORMAT)),
      number(step.throughputPerSecond, '#,##0.0'),
      remark(step.items),
      number(share, SHARE_FORMAT),
      bar(share, BAR_LENGTH),
    ],
  };
}

function phaseLines(phases: readonly Phase[], elapsedMs: number): Line[] {
  return [
    { cells: [] },
    { cells: [heading('Where the time went, from the upload to the report', COLUMNS.length)], height: HEADER_HEIGHT },
    headerLine(['PHASE', '', '', 'DURATION_MS', 'WHAT_HAPPENS', '', '', '', '', '', '', 'SHARE_OF_RUN']),
    ...phases.map(({ phase, durationMs }): Line => {
      const share = shareOf(durationMs, elapsedMs);
      const cells = [text(phase), undefined, undefined, number(durationMs, MS_FORMAT), remark(PHASE_NOTES[phase], 7)];
      return { cells: [...cells, number(share, SHARE_FORMAT), bar(share, BAR_LENGTH)] };
    }),
  ];
}

function slowestLines(members: readonly ScoredMember[]): Line[] {
  if (members.length === 0) return [];
  const slowestMs = members[0]?.latency.total ?? 0;
  return [
    { cells: [] },
    { cells: [heading(`The slowest members (${members.length})`, COLUMNS.length)], height: HEADER_HEIGHT },
    headerLine(['MEMBER_ID', 'STATUS', 'ATTEMPTS', 'TOTAL_MS', 'ATS_MS', 'RESP_MS', 'OFFER_MS']),
    ...members.map(({ memberId, outcome, attempts, latency }): Line => {
      const durations = [latency.total, latency.ats, latency.resp, latency.offer];
      return {
        cells: [
          text(memberId),
          text(outcome.status),
          number(requestsFor({ attempts }), WHOLE_FORMAT),
          ...durations.map((duration) => number(duration, MS_FORMAT)),
          bar(shareOf(latency.total, slowestMs), 2 * BAR_LENGTH),
        ],
      };
    }),
  ];
}

/** Column names that go on, empty, to the last column. */
function headerLine(names: readonly string[]): Line {
  return { cells: COLUMNS.map((_, column) => header(names[column] ?? '')), height: HEADER_HEIGHT };
}
