import { createDispatcher, type DispatcherOptions, type Failure } from '../../../local/dispatcher.ts';

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
    const failures: Failure[] = [];
    const delays: number[] = [];
    const error = new Error('no such file\n    at somewhere');
    const { dispatcher, log } = dispatcherWith({
      retryDelayMs: 100,
      delay: async (milliseconds) => delays.push(milliseconds),
      invoke: () => Promise.reject(error),
      onExhausted: (failure) => failures.push(failure),
    });
    dispatcher.dispatch('features', { key: 'a' });
    await dispatcher.idle();
    expect(delays).toEqual([100, 200]);
    expect(failures).toEqual([{ functionName: 'features', event: { key: 'a' }, error, attempts: 3 }]);
    expect(log).toEqual([
      'features failed, attempt 1 of 3: Error: no such file',
      'features failed, attempt 2 of 3: Error: no such file',
      'features failed, attempt 3 of 3: Error: no such file',
    ]);
  });

  it('is done with an event that succeeds in the end', async () => {
    const failures: Failure[] = [];
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
