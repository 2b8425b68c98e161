import './charts.ts';
import { outputKey } from '../../lib/run/keys.ts';
import { summarySchema } from '../../lib/run/summary.ts';
import { DirectedHarness } from './directed-harness.ts';

describe('the harness in memory', () => {
  it('takes an upload through all stages to a summary and a message', async () => {
    const harness = new DirectedHarness();
    const steps = await harness.during(() => {
      harness.upload('members.csv', 4);
      return harness.idle();
    });
    expect(harness.invocations.map(({ name, ending }) => `${name} ${ending}`)).toEqual([
      'features run 1 returned',
      'predict run 1/1 returned',
      'predict run 1/2 returned',
      'report run 1 returned',
    ]);
    expect(steps).toContain('predict run 1/2: PutObject completed/run 1.json');
    expect(steps).toContain('report run 1: PutObject reports/acme/run 1/summary.json');
    expect(harness.topic.messages.map(({ subject }) => subject)).toEqual([
      'Member offers: COMPLETE, 4 members (members.csv)',
    ]);
  });

  it('does the same whenever it begins anew', async () => {
    const walk = () => {
      const harness = new DirectedHarness();
      return harness.during(() => {
        harness.upload('members.csv', 3);
        return harness.idle();
      });
    };
    expect(await walk()).toEqual(await walk());
  });

  it('lets one invocation go on while others wait', async () => {
    const harness = new DirectedHarness();
    await harness.during(async () => {
      harness.upload('members.csv', 2);
      await harness.finish(await harness.begin('features run 1'));
      const slow = await harness.begin('predict run 1/1');
      await harness.until(slow, 'PutObject results/');
      await harness.finish(await harness.begin('predict run 1/2'));
      expect(harness.deliveries.waiting).toEqual([]);
      await harness.past(slow, 'PutObject results/');
      await harness.finish(slow);
      expect(harness.deliveries.waiting.map(({ name }) => name)).toEqual(['report run 1']);
    });
  });

  it('delivers the event of what has died again, and gives it up after the third time', async () => {
    const harness = new DirectedHarness();
    await harness.during(async () => {
      harness.upload('members.csv', 2);
      await harness.finish(await harness.begin('features run 1'));
      for (const _ of [1, 2, 3]) {
        const dying = await harness.begin('predict run 1/1');
        await harness.past(dying, 'asks ats');
        await harness.crash(dying);
      }
      expect(await harness.idle()).toContain('onFailure of predict run 1/1 begins');
      const [runId = ''] = harness.runIds;
      const summary = summarySchema.parse(JSON.parse(harness.textOf(outputKey('acme', runId, 'summary'))));
      expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: 2, scored: 1, failed: 1 } });
      expect(summary.failures[0]?.example).toBe('the function predict failed 3 times');
    });
  });

  it('lets time pass, which no invocation outlives that takes longer than a function may', async () => {
    const harness = new DirectedHarness();
    await harness.during(async () => {
      harness.upload('members.csv', 2);
      const slow = await harness.begin('features run 1');
      await harness.pass(14 * 60_000);
      expect(slow.ending).toBeUndefined();
      await harness.pass(2 * 60_000);
      expect(slow.ending).toBe('died');
      await harness.idle();
      expect(harness.topic.messages).toHaveLength(1);
    });
  });
});
