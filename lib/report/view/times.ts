import { formatCount } from '../../counted.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
import { NO_REQUESTS, type Phase, type Requests, type Summary } from '../../run/summary.ts';
import { formatDuration } from '../../timing/duration.ts';
import type { Step } from '../../timing/step-timer.ts';
import { FEATURES_STEPS, PHASE, REPORT, TOTAL, waitFor } from '../../timing/steps.ts';
import { slowestStep } from '../figures/slowest-step.ts';
import { formatRate, formatShare, shareOf } from './numbers.ts';
import { type RowsPerRequest, rowsPerRequest } from './shared-requests.ts';

/** What happens in each phase of a run. */
const PHASE_NOTES: Record<Phase['phase'], string> = {
  [PHASE.waitFeatures]: 'from the upload to the function that it started',
  [PHASE.features]: 'reading the file, computing features, writing batches',
  [PHASE.scoring]: 'calling the endpoints, with batches that wait for a free function; until the last result',
  [PHASE.waitReport]: 'from the last result to the function that it started',
  [PHASE.report]: 'gathering the results, writing the report',
};

/** A phase of the run. */
export interface PhaseRow {
  phase: string;
  durationMs: number;
  duration: string;
  /** Share of the run, 0 to 1. */
  share: number;
  shareText: string;
  note: string;
}

/** The phases of a run, in order. Without members there is no scoring; its time is added to the wait that follows. */
export function phaseRows({
  phases,
  elapsedMs,
  members,
}: Pick<Summary, 'phases' | 'elapsedMs' | 'members'>): PhaseRow[] {
  const happened = members.total > 0 ? phases : withoutScoring(phases);
  return happened.map(({ phase, durationMs }) => {
    const share = shareOf(durationMs, elapsedMs);
    const [duration, shareText] = [formatDuration(durationMs), formatShare(share)];
    return { phase, durationMs, duration, share, shareText, note: PHASE_NOTES[phase] };
  });
}

function withoutScoring(phases: readonly Phase[]): Phase[] {
  const scoringMs = phases.find(({ phase }) => phase === PHASE.scoring)?.durationMs ?? 0;
  return phases
    .filter(({ phase }) => phase !== PHASE.scoring)
    .map(({ phase, durationMs }) => ({
      phase,
      durationMs: durationMs + (phase === PHASE.waitReport ? scoringMs : 0),
    }));
}

/** Where the run spent most of its time. */
export interface SlowestView {
  /** The longest phase and its share. */
  phase: string;
  /** Its slowest step, with the mean duration; undefined when that is the phase itself, or not known. */
  step: string | undefined;
}

/** Undefined when nothing was timed. */
export function slowestView(summary: Summary): SlowestView | undefined {
  const [longest] = phaseRows(summary).toSorted((a, b) => b.durationMs - a.durationMs);
  if (longest === undefined || longest.durationMs === 0) return undefined;
  const slowest = slowestStep(summary);
  const step =
    slowest === undefined || slowest.phase.phase !== longest.phase || slowest.step.step === longest.phase
      ? undefined
      : slowStepText(slowest.step, summary);
  return { phase: `${longest.phase}, ${longest.shareText}`, step };
}

/** Several members of one request share its time: it is not the time of each. */
function slowStepText({ step, unit, meanMs }: Step, { requests }: Summary): string {
  const members = rowsPerRequest(requests[step])?.membersText;
  return `${step}, ${formatDuration(meanMs)} per ${members === undefined ? unit : `request of ${members} members`}`;
}

/** The names of a step's times, in order. */
export const STEP_TIMES = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

/** How long a step took. */
export interface StepRow {
  step: string;
  /** What was timed: `file`, `member`. */
  unit: string;
  count: number;
  /** `count` and `unit`, as `1,000 × member`. */
  timed: string;
  /** Milliseconds, in the order of `STEP_TIMES`. */
  times: readonly number[];
  throughputPerSecond: number;
  /** What the throughput counts. */
  items: string;
  /** Empty when it is not known. */
  throughput: string;
  /** Requests per second, and members in each; empty unless it is a call whose requests were for several members. */
  requests: string;
  /** Share of the run, 0 to 1; undefined when the times of the step are not known. */
  share: number | undefined;
  shareText: string;
  /** Whether it is one of the run's features, or a wait that is among the phases. */
  isDetail: boolean;
}

/** What the phases do not tell. A step of another name is one of the run's calls or features. */
const MAIN_STEPS = [...FEATURES_STEPS.map(({ step }) => step), TOTAL, waitFor('predict'), REPORT.step];

/** The steps that were timed at least once. */
export function stepRows(summary: Summary): StepRow[] {
  const main = new Set<string>([...MAIN_STEPS, ...shownCallsOf(summary).all.map(({ name }) => name)]);
  return summary.steps
    .filter(({ count }) => count > 0)
    .map((one) => ({
      ...stepRow(one, summary.elapsedMs),
      requests: rowsPerRequest(summary.requests[one.step])?.text ?? '',
      isDetail: !main.has(one.step),
    }));
}

function stepRow(one: Step, elapsedMs: number): Omit<StepRow, 'requests' | 'isDetail'> {
  const { step, unit, count, items, throughputPerSecond, span } = one;
  const share = span && shareOf(span.to - span.from, elapsedMs);
  return {
    step,
    unit,
    count,
    timed: `${formatCount(count)} × ${unit}`,
    times: [one.meanMs, one.p50Ms, one.p90Ms, one.p95Ms, one.p99Ms, one.maxMs],
    throughputPerSecond,
    items,
    throughput: throughputPerSecond > 0 ? `${formatRate(throughputPerSecond)} ${items}/s` : '',
    share,
    shareText: share === undefined ? '–' : formatShare(share),
  };
}

/** What was sent to one endpoint, and how long its calls took. */
export interface RequestRow extends Requests {
  call: string;
  label: string;
  /** Undefined when no call was timed. */
  step: StepRow | undefined;
  /** Undefined when each request was for one member. */
  perRequest: RowsPerRequest | undefined;
}

/** The endpoints that were called, or should have been. */
export function requestRows(summary: Summary): RequestRow[] {
  const steps = stepRows(summary);
  return shownCallsOf(summary)
    .all.map(({ name: call, label }) => {
      const step = steps.find((row) => row.step === call);
      const requests = summary.requests[call] ?? NO_REQUESTS;
      return { ...requests, call, label, step, perRequest: rowsPerRequest(requests) };
    })
    .filter(({ sent, failed }) => sent + failed > 0);
}
