import './charts.ts';
import { movesOf } from './choices.ts';
import { plainChooser } from './chooser.ts';
import { DirectedHarness } from './directed-harness.ts';
import type { Invocation } from './invocation.ts';
import { Watch } from './promises/watch.ts';

/** So many steps of a run in which nothing goes wrong, and what moved last. */
async function begun(
  harness: DirectedHarness,
  steps: number,
): Promise<{ moved: Invocation | undefined; step: string }> {
  const chooser = plainChooser();
  harness.upload('members.csv', 4);
  let step = '';
  for (let taken = 0; taken < steps; taken++) {
    const choice = chooser(movesOf(harness));
    step = choice?.label ?? 'nothing';
    await choice?.make();
  }
  return { moved: harness.invocations.findLast(({ name }) => step.startsWith(name)), step };
}

async function lengthOfRun(): Promise<number> {
  const harness = new DirectedHarness();
  return harness.during(async () => {
    harness.upload('members.csv', 4);
    return (await harness.idle()).length;
  });
}

describe('an invocation that dies', () => {
  // Two batches and all outputs: some 60 requests to S3, endpoints and the topic.
  it.each([
    { dies: 'at this attempt', isFinal: false },
    { dies: 'at all attempts that follow, too', isFinal: true },
  ])('after any request of any stage, $dies, breaks no promise', async ({ isFinal }) => {
    const length = await lengthOfRun();
    expect(length).toBeGreaterThan(50);
    for (let steps = 1; steps <= length; steps++) {
      const harness = new DirectedHarness();
      const watch = new Watch(harness);
      const { step, ends } = await harness.during(async () => {
        const { moved, step } = await begun(harness, steps);
        if (moved?.ending === undefined && moved !== undefined) await harness.kill(moved, { isFinal });
        await harness.idle();
        watch.assessEnds();
        return { step, ends: harness.summary() };
      });
      const { status, members } = ends ?? {};
      expect({ step, broken: watch.broken }).toEqual({ step, broken: [] });
      if (!isFinal)
        expect({ step, status, members }).toMatchObject({ step, status: 'COMPLETE', members: { scored: 4 } });
    }
  });
});
