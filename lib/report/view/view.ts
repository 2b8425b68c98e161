import type { Calls } from '../../calls.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
import type { Summary } from '../../run/summary.ts';
import { boundarySentences } from './boundaries.ts';
import { type CostView, costView } from './cost.ts';
import { type Fact, factsOf, type KeyFigure, keyFiguresOf } from './facts.ts';
import { type InputView, inputView } from './input.ts';
import { type LossesView, lossesView } from './losses.ts';
import { type OfferRow, offerRows } from './offers.ts';
import { type Check, checksOf, type FailureRow, failureRows, type ProblemRow, rejectionRows } from './problems.ts';
import { type SharedRequests, sharedRequestsOf } from './shared-requests.ts';
import { type SpreadRow, spreadRows } from './spreads.ts';
import {
  type PhaseRow,
  phaseRows,
  type RequestRow,
  requestRows,
  type SlowestView,
  type StepRow,
  slowestView,
  stepRows,
} from './times.ts';

/**
 * A run in words and formatted numbers for people. The workbook's sheet Summary, the page, the notification and the
 * terminal only lay it out. All of them state each of its facts once.
 *
 * Texts from outside are unchanged, except that long names are cut. Each place that shows a text has to make it
 * harmless for its own format.
 */
export interface RunView {
  status: Summary['status'];
  /** What the run called. */
  calls: Calls;
  /** Why the run is not COMPLETE, or that it is. */
  reason: string;
  checks: Check[];
  facts: Fact[];
  keyFigures: KeyFigure[];
  /** How the file was read; undefined when that is not known. */
  input: InputView | undefined;
  failures: FailureRow[];
  rejections: ProblemRow[];
  /** Undefined when no member lacks a row. */
  losses: LossesView | undefined;
  offers: OfferRow[];
  boundaries: string[];
  spreads: SpreadRow[];
  phases: PhaseRow[];
  slowest: SlowestView | undefined;
  requests: RequestRow[];
  /** Undefined when each request was for one member. */
  sharedRequests: SharedRequests | undefined;
  steps: StepRow[];
  cost: CostView | undefined;
}

/** How many items of each list there is room for; the others share one line. A list without a limit is shown whole. */
export interface Room {
  offers?: number;
  failures?: number;
  rejections?: number;
  missing?: number;
  boundaries?: number;
}

const ALL = Number.POSITIVE_INFINITY;

export function viewOf(summary: Summary, room: Room = {}): RunView {
  const { offers = ALL, failures = ALL, rejections = ALL, missing = ALL, boundaries = ALL } = room;
  const calls = shownCallsOf(summary);
  return {
    status: summary.status,
    calls,
    reason: summary.reason ?? (calls.offer ? 'Every member has an offer.' : 'Every member has all predictions.'),
    checks: checksOf(summary),
    facts: factsOf(summary),
    keyFigures: keyFiguresOf(summary),
    input: inputView(summary),
    failures: failureRows(summary, failures),
    rejections: rejectionRows(summary, rejections),
    losses: lossesView(summary, missing),
    offers: offerRows(summary, offers),
    boundaries: boundarySentences(summary, boundaries),
    spreads: spreadRows(summary),
    phases: phaseRows(summary),
    slowest: slowestView(summary),
    requests: requestRows(summary),
    sharedRequests: sharedRequestsOf(summary),
    steps: stepRows(summary),
    cost: costView(summary),
  };
}
