import { createDispatcher } from '../../local/lambda/dispatcher.ts';
import type { Throttling } from '../../local/lambda/throttling.ts';
import type { Random } from '../shared/random.ts';
import { VirtualClock } from './clock.ts';

/** A run's batches, as Lambda sees them. */
export interface SimulatedRun {
  /** When the first of them is there, milliseconds. */
  atMs: number;
  batches: number;
  /** How long scoring one takes, about, milliseconds. */
  batchMs: number;
}

export interface SimulationOptions {
  runs: readonly SimulatedRun[];
  /** Batches that are scored at a time. */
  concurrency: number;
  /** Without it events find a perfect queue. */
  throttling?: Throttling | undefined;
  random: Random;
}

export interface Simulated {
  /** From the first batch of all until the last is scored, milliseconds. */
  totalMs: number;
  /** What share of that time, of all that may be scored at once, nothing was scored. */
  idleShare: number;
  /** Batches that were given up because they found no room for too long. */
  givenUp: number;
}

/** A run's batches are not written at the same time; all of them are within so many milliseconds. */
const WRITTEN_WITHIN_MS = 1000;

/** A batch takes up to this share more or less than another. */
const VARIATION = 0.1;

/** Plays through, on a clock of its own, when the batches of some runs are scored by a function that has no room for all. */
export async function simulate({ runs, concurrency, throttling, random }: SimulationOptions): Promise<Simulated> {
  const clock = new VirtualClock();
  const played = { totalMs: 0, busyMs: 0, givenUp: 0 };
  const dispatcher = createDispatcher({
    invoke: async (_, event) => {
      const ms = Number(event);
      await clock.delay(ms);
      played.busyMs += ms;
      played.totalMs = clock.now;
    },
    concurrencyOf: () => concurrency,
    throttling,
    onExhausted: () => {
      played.givenUp += 1;
    },
    delay: (ms) => clock.delay(ms),
    log: () => undefined,
  });
  for (const { atMs, batches, batchMs } of runs) {
    for (let batch = 0; batch < batches; batch++) {
      const ms = batchMs * (1 - VARIATION + 2 * VARIATION * random.fraction());
      const arrival = clock.delay(atMs + WRITTEN_WITHIN_MS * random.fraction());
      void arrival.then(() => dispatcher.dispatch('predict', ms));
    }
  }
  await clock.run();
  return { ...played, idleShare: 1 - played.busyMs / (concurrency * played.totalMs) };
}
