import type { FailedEvent } from '../../../../local/lambda/dispatcher.ts';
import { EventRouter } from '../../../../local/lambda/event-router.ts';

const FUNCTIONS = {
  predict: {
    events: [{ s3: { bucket: 'offers', rules: [{ prefix: 'batches/' }] } }],
    destinations: { onFailure: 'onFailure' },
    maximumRetryAttempts: 1,
  },
  onFailure: {},
};

const OBJECT = {
  bucket: 'member-offers-test',
  key: 'batches/1.json',
  size: 1,
  etag: 'e',
  cause: 'Put',
  sequencer: '1',
  createdAt: new Date('2024-01-31T10:00:00Z'),
} as const;

/** Routes events to functions of which those in `failing` always fail. */
function route(failing: string[], deliver?: (functionName: string, dispatch: () => void) => void) {
  const invoked: string[] = [];
  const failures: FailedEvent[] = [];
  const router = new EventRouter(
    { functions: FUNCTIONS, buckets: { offers: { name: 'member-offers-test' } } },
    {
      invoke: async (functionName) => {
        invoked.push(functionName);
        if (failing.includes(functionName)) throw new Error('no');
      },
      concurrencyOf: () => 1,
      delay: () => Promise.resolve(),
      log: () => undefined,
      onFailed: (failure) => failures.push(failure),
      ...(deliver && { deliver: (name, event) => deliver(name, () => router.dispatch(name, event)) }),
    },
  );
  return { router, invoked, failures };
}

describe('events', () => {
  it('of objects start the functions that want them', async () => {
    const { router, invoked } = route([]);
    expect([router.receive(OBJECT), router.receive({ ...OBJECT, key: 'results/1.json' })]).toEqual([1, 0]);
    await router.idle();
    expect(invoked).toEqual(['predict']);
  });

  it('are tried as often as the function says, and then handed to its destination', async () => {
    const { router, invoked, failures } = route(['predict']);
    router.receive(OBJECT);
    await router.idle();
    expect(invoked).toEqual(['predict', 'predict', 'onFailure']);
    expect(failures).toMatchObject([{ functionName: 'predict', attempts: 2 }]);
  });

  it('may be held up or repeated on their way, those for a destination as well', async () => {
    const { router, invoked } = route(['predict'], (functionName, dispatch) => {
      for (const _ of functionName === 'onFailure' ? [1, 2] : [1]) dispatch();
    });
    router.receive(OBJECT);
    await router.idle();
    expect(invoked).toEqual(['predict', 'predict', 'onFailure', 'onFailure']);
  });
});
