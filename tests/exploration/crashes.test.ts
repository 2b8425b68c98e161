import './charts.ts';
import { movesOf } from './choices.ts';
import { plainChooser } from './chooser.ts';
import { DirectedWorld } from './directed-world.ts';
import type { Invocation } from './invocation.ts';
import { Watch } from './promises/watch.ts';

/** So many steps of a run in which nothing goes wrong, and what moved last. */
async function begun(world: DirectedWorld, steps: number): Promise<{ moved: Invocation | undefined; step: string }> {
  const chooser = plainChooser();
  world.upload('members.csv', 4);
  let step = '';
  for (let taken = 0; taken < steps; taken++) {
    const choice = chooser(movesOf(world));
    step = choice?.label ?? 'nothing';
    await choice?.make();
  }
  return { moved: world.invocations.findLast(({ name }) => step.startsWith(name)), step };
}

async function lengthOfRun(): Promise<number> {
  const world = new DirectedWorld();
  return world.during(async () => {
    world.upload('members.csv', 4);
    return (await world.idle()).length;
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
      const world = new DirectedWorld();
      const watch = new Watch(world);
      const { step, ends } = await world.during(async () => {
        const { moved, step } = await begun(world, steps);
        if (moved?.ending === undefined && moved !== undefined) await world.kill(moved, { isFinal });
        await world.idle();
        watch.assessEnds();
        return { step, ends: world.summary() };
      });
      const { status, members } = ends ?? {};
      expect({ step, broken: watch.broken }).toEqual({ step, broken: [] });
      if (!isFinal)
        expect({ step, status, members }).toMatchObject({ step, status: 'COMPLETE', members: { scored: 4 } });
    }
  });
});
