import { slowestStep } from '../../../../lib/report/figures/slowest-step.ts';
import { Timeline } from '../../../../lib/report/figures/timeline.ts';
import { StepTimer } from '../../../../lib/timing/step-timer.ts';
import { MANIFEST, result } from '../../../builders/results.ts';

function timelineOf(...batches: ReturnType<typeof result>[]): Timeline {
  const timeline = new Timeline();
  for (const batch of batches) timeline.addBatch(batch);
  return timeline;
}

/** Completed at 3,000 ms, taken up at 3,050, reported at 3,250. */
const COMPLETED = { wait: { from: 3_000, to: 3_050 }, report: { from: 3_050, to: 3_250 } };

describe('the phases of a run', () => {
  it('follow each other from the upload to the report', () => {
    const phases = timelineOf(result(1, 1_500, 2_900)).phases(MANIFEST, COMPLETED);
    expect(phases).toEqual([
      { phase: 'wait features', durationMs: 100 },
      { phase: 'features', durationMs: 300 },
      { phase: 'scoring', durationMs: 1_600 },
      { phase: 'wait report', durationMs: 50 },
      { phase: 'report', durationMs: 200 },
    ]);
  });

  it('are never negative where clocks disagree', () => {
    const early = { wait: { from: 1_350, to: 1_360 }, report: { from: 1_360, to: 1_500 } };
    expect(
      timelineOf()
        .phases(MANIFEST, early)
        .map(({ durationMs }) => durationMs),
    ).toEqual([100, 300, 0, 0, 100]);
  });
});

describe('the lanes of a run', () => {
  it('show what each batch did when', () => {
    const lanes = timelineOf(result(1, 1_500, 2_000), result(2, 2_000, 2_900)).lanes(MANIFEST, COMPLETED);
    expect(lanes.map(({ name }) => name)).toEqual(['features', 'batch 1', 'batch 2', 'report']);
    expect(lanes[2]?.segments).toEqual([
      { activity: 'wait', from: 1_300, to: 2_000 },
      { activity: 'score', from: 2_000, to: 2_900 },
    ]);
  });

  it('show the steps of the features stage', () => {
    const timer = new StepTimer({ step: 'read', unit: 'file', items: 'rows' });
    timer.add({ from: 1_110, to: 1_200 });
    const [features] = timelineOf().lanes({ ...MANIFEST, steps: [timer.statistics()] }, COMPLETED);
    expect(features?.segments).toEqual([
      { activity: 'wait', from: 1_000, to: 1_100 },
      { activity: 'read', from: 1_110, to: 1_200 },
    ]);
  });

  it('take batches together where there are many', () => {
    const batches = Array.from({ length: 100 }, (_, index) => result(index + 1, 2_000 + index, 2_500 + index));
    const lanes = timelineOf(...batches).lanes(MANIFEST, COMPLETED);
    expect(lanes.slice(1, 3).map(({ name }) => name)).toEqual(['batches 1–3', 'batches 4–6']);
    expect(lanes.at(-2)?.name).toBe('batch 100');
    expect(lanes[2]?.segments).toEqual([
      { activity: 'wait', from: 1_300, to: 2_003 },
      { activity: 'score', from: 2_003, to: 2_505 },
    ]);
  });
});

describe('the slowest step', () => {
  const step = (name: string, ms: number) => {
    const timer = new StepTimer({ step: name, unit: 'member', items: 'members' });
    timer.add({ from: 0, to: ms });
    return timer.statistics();
  };
  const steps = [step('read', 250), step('write batches', 20), step('ats', 9), step('resp', 12), step('wait', 900)];

  it('is the slowest call where scoring took longest', () => {
    const phases = timelineOf().phases(MANIFEST, COMPLETED);
    expect(slowestStep({ phases, steps, elapsedMs: 2_250 })).toMatchObject({
      phase: { phase: 'scoring', durationMs: 1_600 },
      share: 1_600 / 2_250,
      step: { step: 'resp' },
    });
  });

  it('is a step of the features stage where that took longest', () => {
    const phases = [{ phase: 'features', durationMs: 300 } as const, { phase: 'report', durationMs: 200 } as const];
    expect(slowestStep({ phases, steps, elapsedMs: 500 })?.step.step).toBe('read');
  });

  it('is none where nothing was timed', () => {
    expect(slowestStep({ phases: [], steps, elapsedMs: 0 })).toBeUndefined();
    expect(slowestStep({ phases: [{ phase: 'report', durationMs: 5 }], steps, elapsedMs: 5 })).toBeUndefined();
  });
});
