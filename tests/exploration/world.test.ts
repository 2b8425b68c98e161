import './charts.ts';
import { fileOf } from './members.ts';
import { World } from './world.ts';

/** One thing after the other: whoever began first ends first. */
async function straightOn(world: World): Promise<string[]> {
  const steps: string[] = [];
  for (;;) {
    const [invocation] = world.underWay;
    const [turn] = invocation?.turns ?? [];
    const [delivery] = world.deliveries.waiting;
    if (invocation && turn) {
      steps.push(`${invocation.name}: ${turn.what}`);
      await world.take(invocation, turn);
    } else if (delivery) await world.start(delivery);
    else return steps;
  }
}

describe('the world in memory', () => {
  it('takes an upload through all stages to a summary and a message', async () => {
    const world = new World();
    const steps = await world.during(() => {
      world.store('uploads/acme/members.csv', fileOf(4));
      return straightOn(world);
    });
    expect(world.invocations.map(({ name, ending }) => `${name} ${ending}`)).toEqual([
      'features run 1 returned',
      'predict run 1/1 returned',
      'predict run 1/2 returned',
      'report run 1 returned',
    ]);
    expect(steps).toContain('predict run 1/2: PutObject completed/run 1.json');
    expect(steps).toContain('report run 1: PutObject reports/acme/run 1/summary.json');
    expect(world.topic.messages.map(({ subject }) => subject)).toEqual([
      'Member offers: COMPLETE, 4 members (members.csv)',
    ]);
  });

  it('does the same whenever it begins anew', async () => {
    const walk = () => {
      const world = new World();
      return world.during(() => {
        world.store('uploads/acme/members.csv', fileOf(3));
        return straightOn(world);
      });
    };
    expect(await walk()).toEqual(await walk());
  });
});
