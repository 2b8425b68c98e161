import { counted, formatCount } from '../../counted.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
import { NO_REQUESTS, type Summary } from '../../run/summary.ts';
import { shownSource } from '../../run/upload-kinds.ts';
import { formatDuration } from '../../timing/duration.ts';
import { WAIT } from '../../timing/steps.ts';
import { costView } from './cost.ts';
import { sumOf } from './folding.ts';
import { type LossesView, lossesView } from './losses.ts';
import { formatInstant, formatShare, shareOf } from './numbers.ts';
import { sharedRequestsOf } from './shared-requests.ts';
import { phaseRows, slowestView } from './times.ts';

/** A fact about a run, on one line. */
export interface Fact {
  name: string;
  text: string;
}

/** A number about a run. Its `text` is the number with its parts. */
export interface KeyFigure extends Fact {
  of: 'members' | 'rows' | 'time' | 'requests';
  /** The number alone, with the name of what it counts and with notes. */
  headline: { name: string; value: string; notes: readonly string[] };
  /** The numbers that it is the sum of. */
  parts: readonly { name: string; value: number }[];
}

/** The facts about a run apart from its key figures: each is stated once in every form of the report. */
export function factsOf(summary: Summary): Fact[] {
  const { source, partner, partnerFile, asOf, runId, startedAt } = summary;
  const cost = costView(summary);
  return [
    { name: 'File', text: `s3://${source.bucket}/${shownSource(source.key)}` },
    { name: 'Partner', text: partner },
    ...(partnerFile === undefined ? [] : [{ name: 'Read by', text: `${partnerFile.file} (${partnerFile.digest})` }]),
    ...(asOf === null ? [] : [{ name: 'As of', text: asOf }]),
    { name: 'Started', text: formatInstant(startedAt) },
    ...(cost === undefined ? [] : [{ name: 'Cost', text: cost.text }]),
    { name: 'Run', text: runId },
  ];
}

/** The numbers that people ask for first. Times and requests are left out when there were none. */
export function keyFiguresOf(summary: Summary): KeyFigure[] {
  return [membersFigure(summary), rowsFigure(summary), ...timeFigure(summary), ...requestsFigure(summary)];
}

function membersFigure({ members }: Summary): KeyFigure {
  const { total, scored, failed } = members;
  const share = total > 0 ? `of ${formatCount(total)}, ${formatShare(shareOf(scored, total))}` : 'of none in the file';
  return {
    of: 'members',
    name: 'Members',
    text: `${formatCount(total)} = ${formatCount(scored)} scored + ${formatCount(failed)} failed`,
    headline: { name: 'Members scored', value: formatCount(scored), notes: [share, `${formatCount(failed)} failed`] },
    parts: [
      { name: 'Members in the file', value: total },
      { name: 'Members scored', value: scored },
      { name: 'Members failed', value: failed },
    ],
  };
}

function rowsFigure(summary: Summary): KeyFigure {
  const { rows } = summary;
  const [read, accepted, rejected] = [rows.read, rows.accepted, rows.rejected].map(formatCount);
  const imputed = counted(rows.imputed, 'blank value');
  const losses = lossesView(summary, 0);
  const lack = losses === undefined ? [] : [losses.text];
  return {
    of: 'rows',
    name: 'Rows',
    text: `${read} read = ${accepted} accepted + ${rejected} rejected; ${[imputed, ...lack].join('; ')}`,
    headline: {
      name: 'Rows read',
      value: `${read}`,
      notes: [`${accepted} accepted, ${rejected} rejected`, imputed, ...lack],
    },
    parts: [
      { name: 'Rows read', value: rows.read },
      { name: 'Rows accepted', value: rows.accepted },
      { name: 'Rows rejected', value: rows.rejected },
      { name: 'Blank values', value: rows.imputed },
      ...lossParts(losses),
    ],
  };
}

function lossParts(losses: LossesView | undefined): KeyFigure['parts'] {
  if (losses === undefined) return [];
  const parts = [
    { name: 'Members without some of their rows', value: losses.incomplete },
    { name: 'Members without any row', value: losses.missing },
  ];
  return parts.filter(({ value }) => value > 0);
}

function timeFigure(summary: Summary): KeyFigure[] {
  const phases = phaseRows(summary);
  if (phases.length === 0) return [];
  const took = formatDuration(summary.elapsedMs);
  const slowest = slowestView(summary);
  // Both waits are called the same; the phase that follows shows which is which.
  const parts = phases.map(({ phase, duration }) => `${phase.startsWith(WAIT) ? WAIT : phase} ${duration}`).join(' + ');
  const notes = [
    ...(slowest === undefined ? [] : [`longest: ${slowest.phase}`]),
    ...(slowest?.step === undefined ? [] : [`there: ${slowest.step}`]),
  ];
  return [
    {
      of: 'time',
      name: 'Time',
      text: `${took} = ${parts}`,
      headline: { name: 'From upload to report', value: took, notes },
      parts: [],
    },
  ];
}

function requestsFigure(summary: Summary): KeyFigure[] {
  const all = shownCallsOf(summary).all.map(({ name, label }) => ({
    ...(summary.requests[name] ?? NO_REQUESTS),
    label,
  }));
  const [sent, retries, failed] = [
    sumOf(all, (call) => call.sent),
    sumOf(all, (call) => call.retries),
    sumOf(all, (call) => call.failed),
  ];
  if (sent + failed === 0) return [];
  const sharedRequests = sharedRequestsOf(summary);
  const notes = [
    `${counted(retries, 'retry', 'retries')} among them`,
    `${counted(failed, 'call')} failed for good`,
    ...(sharedRequests === undefined ? [] : [sharedRequests.text]),
  ];
  const parts = all.filter((call) => call.sent > 0).map((call) => `${formatCount(call.sent)} ${call.label}`);
  return [
    {
      of: 'requests',
      name: 'Requests',
      text: `${formatCount(sent)} = ${parts.join(' + ') || 'none'}; ${notes.join(', ')}`,
      headline: { name: 'Requests sent', value: formatCount(sent), notes },
      parts: [],
    },
  ];
}
