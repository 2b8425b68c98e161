import type { Summary } from '../../run/summary.ts';
import { boundarySentences } from './boundaries.ts';
import { type CostView, costView } from './cost.ts';
import { type Fact, factsOf, type KeyFigure, keyFiguresOf } from './facts.ts';
import { type OfferRow, offerRows } from './offers.ts';
import { type Check, checksOf, type FailureRow, failureRows, type ProblemRow, rejectionRows } from './problems.ts';
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
 * What people are shown of a run, in words and formatted numbers. The workbook's Summary, the page, the message of the
 * run's end and the terminal only lay it out. What is shown once in all of them is one of its facts.
 *
 * Texts from outside are as they are, but for names, which are cut: whoever writes them makes them harmless for where
 * they are written to.
 */
export interface RunView {
  status: Summary['status'];
  /** Why the run is not COMPLETE, or that it is. */
  reason: string;
  checks: Check[];
  facts: Fact[];
  keyFigures: KeyFigure[];
  failures: FailureRow[];
  rejections: ProblemRow[];
  offers: OfferRow[];
  boundaries: string[];
  spreads: SpreadRow[];
  phases: PhaseRow[];
  slowest: SlowestView | undefined;
  requests: RequestRow[];
  steps: StepRow[];
  cost: CostView | undefined;
}

/** How much of each list there is room for; what is beyond comes to one line. All of what is not said. */
export interface Room {
  offers?: number;
  failures?: number;
  rejections?: number;
  boundaries?: number;
}

const ALL = Number.POSITIVE_INFINITY;

export function viewOf(summary: Summary, room: Room = {}): RunView {
  const { offers = ALL, failures = ALL, rejections = ALL, boundaries = ALL } = room;
  return {
    status: summary.status,
    reason: summary.reason ?? 'Every member has an offer.',
    checks: checksOf(summary),
    facts: factsOf(summary),
    keyFigures: keyFiguresOf(summary),
    failures: failureRows(summary, failures),
    rejections: rejectionRows(summary, rejections),
    offers: offerRows(summary, offers),
    boundaries: boundarySentences(summary, boundaries),
    spreads: spreadRows(summary),
    phases: phaseRows(summary),
    slowest: slowestView(summary),
    requests: requestRows(summary),
    steps: stepRows(summary),
    cost: costView(summary),
  };
}
