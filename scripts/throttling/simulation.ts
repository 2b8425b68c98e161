import { createDispatcher } from '../../local/lambda/dispatcher.ts';
import type { Throttling } from '../../local/lambda/throttling.ts';
import type { Random } from '../shared/random.ts';
import { VirtualClock } from './clock.ts';

/** A run's batches, as Lambda sees them. */
export interface SimulatedRun {
  /** When the first batch is written, milliseconds. */
  atMs: number;
  batches: number;
  /** About how long the scoring of one batch takes, milliseconds. */
  batchMs: number;
}

export interface SimulationOptions {
  runs: readonly SimulatedRun[];
  /** How many batches are scored at the same time. */
  concurrency: number;
  /** Without it, events wait in a perfect queue. */
  throttling?: Throttling | undefined;
  random: Random;
}

export interface Simulated {
  /** From the first batch of all runs until the last is scored, milliseconds. */
  totalMs: number;
  /** The share of the available capacity during that time in which no batch was scored, 0 to 1. */
  idleShare: number;
  /** Batches that were dropped because they waited too long for a free instance. */
  givenUp: number;
}

/** All batches of a run are written within so many milliseconds. */
const WRITTEN_WITHIN_MS = 1000;

/** The time of a batch varies by up to this share. */
const VARIATION = 0.1;

/** Simulates, with a virtual clock, the scoring of batches by a function that has too few instances for all of them. */
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
