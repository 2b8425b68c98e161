import { FiguresCollector, type RunFigures } from '../../lib/report/figures/run-figures.ts';
import type { ScoredMember } from '../../lib/run/contracts.ts';
import type { Summary } from '../../lib/run/summary.ts';
import { mapCalls } from '../default-calls.ts';
import { scored } from './members.ts';
import { MANIFEST, result } from './results.ts';
import { failedSummary, STARTED, summaryWith } from './summaries.ts';

/** What a run with these members comes to: uploaded at 1,000 ms, scored from 1,500 to 2,900, reported at 3,250. */
export function figuresOf(members: readonly ScoredMember[]): RunFigures {
  const collector = new FiguresCollector(MANIFEST, { from: 3_000, to: 3_050 });
  collector.addBatch(result(1, 1_500, 2_900, [...members]));
  for (const member of members) collector.addMember(member);
  return collector.figures(3_250);
}

const SLOW_MEMBER: ScoredMember = {
  ...scored('M1', 999.5, 0.2, 'OFFER_1'),
  latency: { ats: 70, resp: 60, offer: 10, total: 80 },
  attempts: { ...mapCalls(() => 1), ats: 2 },
};

interface Changes extends Partial<Omit<RunFigures, 'summary'>> {
  summary?: Partial<Summary>;
}

/** Those of `summaryWith`. */
export function someFigures({ summary = {}, ...changes }: Changes = {}): RunFigures {
  return {
    summary: summaryWith(summary),
    slowestMembers: [SLOW_MEMBER],
    latencyBins: [
      { fromMs: 10, toMs: 10 * 10 ** 0.1, members: { ...mapCalls(() => 1000), ats: 600 } },
      { fromMs: 10 * 10 ** 0.1, toMs: 10 * 10 ** 0.2, members: { ...mapCalls(() => 0), ats: 400 } },
    ],
    predictionCells: [
      { offer: 'OFFER_1', across: 250, up: 0.2, members: 800 },
      { offer: 'OFFER_2', across: 4000, up: 0.5, members: 200 },
    ],
    lanes: [
      {
        name: 'features',
        segments: [
          { activity: 'wait', from: STARTED, to: STARTED + 100 },
          { activity: 'read', from: STARTED + 100, to: STARTED + 400 },
        ],
      },
      { name: 'batch 1', segments: [{ activity: 'score', from: STARTED + 400, to: STARTED + 1900 }] },
      { name: 'report', segments: [{ activity: 'report', from: STARTED + 1940, to: STARTED + 2000 }] },
    ],
    ...changes,
  };
}

/** Those of `failedSummary`. */
export function failedFigures(): RunFigures {
  return { summary: failedSummary(), slowestMembers: [], latencyBins: [], predictionCells: [], lanes: [] };
}
