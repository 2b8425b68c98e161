import { createDispatcher, type DispatcherOptions, type FailedEvent } from '../../../../local/lambda/dispatcher.ts';
import { lambdaThrottling } from '../../../../local/lambda/throttling.ts';
import { VirtualClock } from '../../../../scripts/throttling/clock.ts';

/** A dispatcher that waits no time between attempts, unless told how, and keeps its log. */
function dispatcherWith(options: Partial<DispatcherOptions> & Pick<DispatcherOptions, 'invoke'>) {
  const log: string[] = [];
  const dispatcher = createDispatcher({
    concurrencyOf: () => 2,
    delay: () => Promise.resolve(),
    log: (line) => log.push(line),
    ...options,
  });
  return { dispatcher, log };
}

/** Lets everything run that waits for nothing but its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the dispatcher', () => {
  it('gives each event to its function', async () => {
    const seen: unknown[] = [];
    const { dispatcher } = dispatcherWith({ invoke: async (name, event) => seen.push([name, event]) });
    dispatcher.dispatch('features', { key: 'a' });
    dispatcher.dispatch('report', { key: 'b' });
    await dispatcher.idle();
    expect(seen).toEqual([
      ['features', { key: 'a' }],
      ['report', { key: 'b' }],
    ]);
  });

  it('runs no more invocations of a function at a time than it may, and as many as that', async () => {
    const running = { predict: 0, report: 0 };
    const most = { predict: 0, report: 0 };
    const gates: (() => void)[] = [];
    const { dispatcher } = dispatcherWith({
      concurrencyOf: (name) => (name === 'predict' ? 3 : 1),
      invoke: async (name) => {
        const which = name === 'predict' ? 'predict' : 'report';
        running[which]++;
        most[which] = Math.max(most[which], running[which]);
        await new Promise<void>((open) => gates.push(open));
        running[which]--;
      },
    });
    for (let event = 0; event < 10; event++) dispatcher.dispatch('predict', event);
    for (let event = 0; event < 4; event++) dispatcher.dispatch('report', event);
    await settled();
    expect(running).toEqual({ predict: 3, report: 1 });

    while (gates.length > 0) {
      gates.shift()?.();
      await settled();
    }
    await dispatcher.idle();
    expect(most).toEqual({ predict: 3, report: 1 });
  });

  it('tries a failed event twice more, later each time, and then reports it', async () => {
    const failures: FailedEvent[] = [];
    const delays: number[] = [];
    const ids: string[] = [];
    const error = new Error('no such file\n    at somewhere');
    const { dispatcher, log } = dispatcherWith({
      retryDelayMs: 100,
      delay: async (milliseconds) => delays.push(milliseconds),
      invoke: (_name, _event, id) => {
        ids.push(id);
        return Promise.reject(error);
      },
      onExhausted: (failure) => failures.push(failure),
    });
    dispatcher.dispatch('features', { key: 'a' });
    await dispatcher.idle();
    expect(delays).toEqual([100, 200]);
    expect(new Set(ids).size).toBe(1);
    expect(failures).toEqual([
      { functionName: 'features', event: { key: 'a' }, id: ids[0], error, attempts: 3, isTooOld: false },
    ]);
    expect(log).toEqual([
      'features failed, attempt 1 of 3: Error: no such file',
      'features failed, attempt 2 of 3: Error: no such file',
      'features failed, attempt 3 of 3: Error: no such file',
    ]);
  });

  it('is done with an event that succeeds in the end', async () => {
    const failures: FailedEvent[] = [];
    const attempts: unknown[] = [];
    const { dispatcher } = dispatcherWith({
      invoke: async (_name, event) => {
        attempts.push(event);
        if (attempts.length < 3) throw new Error('not yet');
      },
      onExhausted: (failure) => failures.push(failure),
    });
    dispatcher.dispatch('features', 'event');
    await dispatcher.idle();
    expect(attempts).toEqual(['event', 'event', 'event']);
    expect(failures).toEqual([]);
  });

  it('does not hold up other events while a failed one waits', async () => {
    const order: unknown[] = [];
    let endDelay = () => {};
    const { dispatcher } = dispatcherWith({
      concurrencyOf: () => 1,
      delay: () => new Promise<void>((resolve) => (endDelay = resolve)),
      invoke: async (_name, event) => {
        order.push(event);
        if (event === 'bad' && order.length === 1) throw new Error('once');
      },
    });
    dispatcher.dispatch('features', 'bad');
    dispatcher.dispatch('features', 'good');
    await settled();
    expect(order).toEqual(['bad', 'good']);
    endDelay();
    await dispatcher.idle();
    expect(order).toEqual(['bad', 'good', 'bad']);
  });

  it('is idle only when the events that an event led to are done too', async () => {
    const seen: unknown[] = [];
    const { dispatcher } = dispatcherWith({
      invoke: async (_name, event) => {
        await settled();
        seen.push(event);
        if (event === 'upload') dispatcher.dispatch('predict', 'batch');
      },
    });
    dispatcher.dispatch('features', 'upload');
    await dispatcher.idle();
    expect(seen).toEqual(['upload', 'batch']);
  });

  it('starts nothing more once it is closed', async () => {
    const seen: unknown[] = [];
    let finishFirst = () => {};
    const { dispatcher } = dispatcherWith({
      concurrencyOf: () => 1,
      invoke: async (_name, event) => {
        seen.push(event);
        await new Promise<void>((resolve) => (finishFirst = resolve));
      },
    });
    dispatcher.dispatch('features', 'running');
    dispatcher.dispatch('features', 'waiting');
    await settled();
    dispatcher.close();
    dispatcher.dispatch('features', 'late');
    finishFirst();
    await dispatcher.idle();
    expect(seen).toEqual(['running']);
  });
});

describe('a dispatcher that sends events away, as Lambda does', () => {
  /** Two invocations at a time, each of which takes 4 seconds; tells when they begin, in seconds. */
  function throttled(options: Partial<DispatcherOptions> = {}) {
    const clock = new VirtualClock();
    const begun: [event: unknown, seconds: number][] = [];
    const { dispatcher } = dispatcherWith({
      invoke: (_name, event) => {
        begun.push([event, clock.now / 1000]);
        return clock.delay(4000);
      },
      throttling: lambdaThrottling(),
      delay: (milliseconds) => clock.delay(milliseconds),
      ...options,
    });
    return { clock, begun, dispatcher };
  }

  it('has them come back after 1, 2, 4 seconds, whether or not there has been room in between', async () => {
    const { clock, begun, dispatcher } = throttled();
    for (const event of ['a', 'b', 'c', 'd', 'e']) dispatcher.dispatch('predict', event);
    await clock.run();
    // Looked at 0, 1, 3, 7 and 15 seconds; there is room at 0, and from 4 and from 11 on.
    expect(begun).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 7],
      ['d', 7],
      ['e', 15],
    ]);
  });

  it('gives the room to whoever comes while others stay away', async () => {
    const { clock, begun, dispatcher } = throttled();
    for (const event of ['a', 'b', 'early']) dispatcher.dispatch('predict', event);
    await clock.run(5000);
    for (const event of ['late', 'later']) dispatcher.dispatch('predict', event);
    await clock.run();
    expect(begun.slice(2)).toEqual([
      ['late', 5],
      ['later', 5],
      // After 7 seconds it finds no room for the fourth time.
      ['early', 15],
    ]);
  });

  it('never has one wait for more than five minutes at a time', async () => {
    let endFirst = () => {};
    const { clock, begun, dispatcher } = throttled({
      concurrencyOf: () => 1,
      invoke: async (_name, event) => {
        begun.push([event, clock.now / 1000]);
        if (event === 'first') await new Promise<void>((resolve) => (endFirst = resolve));
      },
    });
    for (const event of ['first', 'second']) dispatcher.dispatch('predict', event);
    await clock.run(3_600_000);
    endFirst();
    await clock.run();
    // 1 + 2 + … + 256 = 511 seconds, then every 300: 511 + 11 * 300 = 3811 is the first time after that hour.
    expect(begun).toEqual([
      ['first', 0],
      ['second', 3811],
    ]);
  });

  it('gives up one that has found no room for six hours, and says that it was not invoked', async () => {
    const failures: FailedEvent[] = [];
    const { clock, dispatcher } = throttled({
      concurrencyOf: () => 1,
      invoke: () => new Promise(() => {}),
      onExhausted: (failure) => failures.push(failure),
    });
    dispatcher.dispatch('predict', 'first');
    dispatcher.dispatch('predict', 'second');
    await clock.run();
    expect(failures).toMatchObject([{ functionName: 'predict', event: 'second', attempts: 0, isTooOld: true }]);
    // 511 + 71 * 300 = 21811 is the first look after 21600 seconds.
    expect(clock.now / 1000).toBe(21_811);
  });

  it('leaves as much of the intervals to chance as it is told', () => {
    const { waitMs } = lambdaThrottling(0.5, () => 0.5);
    expect([1, 2, 3, 9, 10, 50].map(waitMs)).toEqual([750, 1500, 3000, 192_000, 225_000, 225_000]);
  });
});
