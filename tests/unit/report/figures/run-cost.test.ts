import type { Usage } from '../../../../lib/cost/usage.ts';
import { RunCost } from '../../../../lib/report/figures/run-cost.ts';
import { FiguresCollector } from '../../../../lib/report/figures/run-figures.ts';
import { MANIFEST, result } from '../../../builders/results.ts';

const USAGE: Usage = { invocations: 1, durationMs: 2000, memoryMb: 2048, s3: { writes: 20, reads: 10 } };

describe('the cost of a run', () => {
  it('adds up invocations of different memory, by hand: 3.5 GB-s, 4 invocations, 68 writes, 50 reads', () => {
    const cost = new RunCost();
    cost.add('features', { ...USAGE, durationMs: 500 });
    cost.add('predict', { ...USAGE, memoryMb: 1024, durationMs: 300 });
    cost.add('predict', { ...USAGE, memoryMb: 1024, durationMs: 200, s3: { writes: 8, reads: 20 } });
    cost.add('report', { ...USAGE, durationMs: 1000 });
    // 0.5 s × 2 GB + 0.5 s × 1 GB + 1 s × 2 GB = 3.5 GB-s
    const usd = 3.5 * 0.0000133334 + 4 * 0.0000002 + (20 + 20 + 8 + 20) * 0.000005 + (10 + 10 + 20 + 10) * 0.0000004;
    expect(cost.cost()).toMatchObject({ isLowerBound: false, prices: { region: 'us-east-1' } });
    expect(cost.cost()?.usd).toBeCloseTo(usd, 12);
    expect(cost.cost()?.stages[1]).toMatchObject({
      name: 'predict',
      invocations: 2,
      seconds: 0.5,
      memoryMb: 1024,
      s3: { writes: 28, reads: 30 },
    });
  });

  it('is at least that of the invocations that told what they used', () => {
    const cost = new RunCost();
    cost.add('features', undefined);
    cost.add('predict', USAGE);
    cost.add('predict', undefined);
    expect(cost.cost()).toMatchObject({ isLowerBound: true, stages: [{ name: 'predict', invocations: 1 }] });
  });

  it('is not known where no memory is', () => {
    const { memoryMb: _, ...somewhere } = USAGE;
    const cost = new RunCost();
    for (const stage of ['features', 'predict', 'report'] as const) cost.add(stage, somewhere);
    expect(cost.cost()).toBeUndefined();
  });

  it('is part of the summary, also of a run that an older version began', () => {
    const collector = new FiguresCollector(MANIFEST, { from: 3_000, to: 3_050 });
    collector.addBatch(result(1, 1_500, 2_900));
    collector.addBatch({ ...result(2, 1_500, 2_900), usage: USAGE });
    const { cost } = collector.figures(3_250, USAGE).summary;
    expect(cost).toMatchObject({ isLowerBound: true, stages: [{ name: 'predict' }, { name: 'report' }] });
    expect(new FiguresCollector(MANIFEST, { from: 3_000, to: 3_050 }).figures(3_250).summary).not.toHaveProperty(
      'cost',
    );
  });
});
