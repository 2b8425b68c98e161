import type { Manifest, Result } from '../../run/contracts.ts';
import type { Phase } from '../../run/summary.ts';
import type { Span } from '../../timing/clock.ts';
import { FEATURES_STEPS, PHASE, PHASES, REPORT, WAIT } from '../../timing/steps.ts';

/** The largest number of lanes for batches. More batches share lanes. */
const MAX_BATCH_LANES = 40;

/** The activity of the predict function for a batch. */
export const SCORE = 'score';

export type Activity = typeof WAIT | (typeof FEATURES_STEPS)[number]['step'] | typeof SCORE | typeof REPORT.step;

/** The activities of a function, or of a group of batches, over time. */
export interface Lane {
  name: string;
  segments: (Span & { activity: Activity })[];
}

/** When one batch was written, when its scoring began and when it ended; milliseconds since the epoch. */
interface BatchTimes {
  batch: number;
  wait: Span;
  score: Span;
}

/** The timeline of a run. All times are milliseconds since the epoch, from the clocks of several machines. */
export class Timeline {
  readonly #batches: BatchTimes[] = [];

  addBatch({ batch, wait, spans }: Pick<Result, 'batch' | 'wait' | 'spans'>): void {
    this.#batches.push({ batch, wait, score: spans.total ?? { from: wait.to, to: wait.to } });
  }

  /**
   * The phases from the upload to the report, one after the other. Some batches are scored while others are still
   * written, so the phase of scoring begins when the features stage has ended.
   *
   * @param completed `wait` is from the completion's creation to the report's handler, `report` from there to its end
   */
  phases(manifest: Manifest, { wait, report }: { wait: Span; report: Span }): Phase[] {
    const ends: Record<Phase['phase'], number> = {
      [PHASE.waitFeatures]: manifest.wait.to,
      [PHASE.features]: Date.parse(manifest.finishedAt),
      [PHASE.scoring]: wait.from,
      [PHASE.waitReport]: wait.to,
      [PHASE.report]: report.to,
    };
    let from = manifest.wait.from;
    return PHASES.map((phase) => {
      const to = Math.max(from, ends[phase]);
      const durationMs = to - from;
      from = to;
      return { phase, durationMs };
    });
  }

  /** A lane for the features stage, one for each batch or group of neighbouring batches, and one for the report. */
  lanes(manifest: Manifest, { wait, report }: { wait: Span; report: Span }): Lane[] {
    return [
      { name: 'features', segments: [{ activity: WAIT, ...manifest.wait }, ...featuresSegments(manifest)] },
      ...this.#batchLanes(),
      {
        name: 'report',
        segments: [
          { activity: WAIT, ...wait },
          { activity: REPORT.step, ...report },
        ],
      },
    ];
  }

  #batchLanes(): Lane[] {
    const perLane = Math.ceil(this.#batches.length / MAX_BATCH_LANES);
    const lanes: Lane[] = [];
    for (let first = 0; first < this.#batches.length; first += perLane) {
      lanes.push(laneOf(this.#batches.slice(first, first + perLane)));
    }
    return lanes;
  }
}

function featuresSegments({ steps }: Manifest): Lane['segments'] {
  return FEATURES_STEPS.flatMap(({ step: activity }) => {
    const span = steps.find(({ step }) => step === activity)?.span;
    return span ? [{ activity, ...span }] : [];
  });
}

/** The lane of a group of batches: it waits until the scoring of the first of them begins. */
function laneOf(batches: readonly BatchTimes[]): Lane {
  const [first] = batches;
  const last = batches.at(-1);
  const taken = Math.min(...batches.map(({ wait }) => wait.to));
  const name = first?.batch === last?.batch ? `batch ${first?.batch}` : `batches ${first?.batch}–${last?.batch}`;
  return {
    name,
    segments: [
      { activity: WAIT, from: Math.min(...batches.map(({ wait }) => wait.from)), to: taken },
      { activity: SCORE, from: taken, to: Math.max(...batches.map(({ score }) => score.to)) },
    ],
  };
}
