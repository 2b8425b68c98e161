import './charts.ts';
import { outputKey } from '../../lib/run/keys.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import { DirectedWorld } from './directed-world.ts';

describe('the world in memory', () => {
  it('takes an upload through all stages to a summary and a message', async () => {
    const world = new DirectedWorld();
    const steps = await world.during(() => {
      world.upload('members.csv', 4);
      return world.idle();
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
      const world = new DirectedWorld();
      return world.during(() => {
        world.upload('members.csv', 3);
        return world.idle();
      });
    };
    expect(await walk()).toEqual(await walk());
  });

  it('lets one invocation go on while others wait', async () => {
    const world = new DirectedWorld();
    await world.during(async () => {
      world.upload('members.csv', 2);
      await world.finish(await world.begin('features run 1'));
      const slow = await world.begin('predict run 1/1');
      await world.until(slow, 'PutObject results/');
      await world.finish(await world.begin('predict run 1/2'));
      expect(world.deliveries.waiting).toEqual([]);
      await world.past(slow, 'PutObject results/');
      await world.finish(slow);
      expect(world.deliveries.waiting.map(({ name }) => name)).toEqual(['report run 1']);
    });
  });

  it('delivers the event of what has died again, and gives it up after the third time', async () => {
    const world = new DirectedWorld();
    await world.during(async () => {
      world.upload('members.csv', 2);
      await world.finish(await world.begin('features run 1'));
      for (const _ of [1, 2, 3]) {
        const dying = await world.begin('predict run 1/1');
        await world.past(dying, 'asks ats');
        await world.crash(dying);
      }
      expect(await world.idle()).toContain('onFailure of predict run 1/1 begins');
      const [runId = ''] = world.runIds;
      const summary = summarySchema.parse(JSON.parse(world.textOf(outputKey('acme', runId, 'summary'))));
      expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: 2, scored: 1, failed: 1 } });
      expect(summary.failures[0]?.example).toBe('the function predict failed 3 times');
    });
  });

  it('lets time pass, which no invocation outlives that takes longer than a function may', async () => {
    const world = new DirectedWorld();
    await world.during(async () => {
      world.upload('members.csv', 2);
      const slow = await world.begin('features run 1');
      await world.pass(14 * 60_000);
      expect(slow.ending).toBeUndefined();
      await world.pass(2 * 60_000);
      expect(slow.ending).toBe('died');
      await world.idle();
      expect(world.topic.messages).toHaveLength(1);
    });
  });
});
