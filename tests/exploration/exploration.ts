import { randomFrom } from '../../scripts/shared/random.ts';
import { randomChooser } from './chooser.ts';
import type { Promised } from './promises/watch.ts';
import { shortened } from './shortening.ts';
import { type Scenario, type Step, type Walk, walkThrough } from './walk.ts';

export interface Exploration {
  seed: number;
  walks: number;
  /** Whether a walk that fails is made shorter before it is told of. */
  isShortened?: boolean;
  /** Promises that need not be kept. */
  ignored?: readonly Promised[];
}

/** A walk in which a promise was broken, step by step. */
export class BrokenPromiseError extends Error {
  override name = 'BrokenPromiseError';
}

/** Far enough apart that walks of different seeds are different ones. */
const WALKS_PER_SEED = 1_000_003;

/** The walk of this number for a seed. */
export function walkOf(scenario: Scenario, { seed, ignored }: Exploration, number: number): Promise<Walk> {
  const chooser = randomChooser(randomFrom(seed * WALKS_PER_SEED + number), scenario.shares);
  return walkThrough(scenario, chooser, ignored);
}

/** Goes so many walks. @throws BrokenPromiseError for the first one in which a promise is broken */
export async function exploreOrThrow(scenario: Scenario, exploration: Exploration): Promise<void> {
  const { walks, ignored, isShortened = true } = exploration;
  for (let number = 0; number < walks; number++) {
    const walk = await walkOf(scenario, exploration, number);
    if (walk.broken.length === 0) continue;
    const shown = isShortened ? await shortened(scenario, walk, ignored) : walk;
    throw new BrokenPromiseError(textOf(shown, exploration, number));
  }
}

function textOf({ steps, afterwards, broken }: Walk, { seed }: Exploration, number: number): string {
  return [
    ...broken.map(({ promise, how }) => `not kept: ${promise}: ${how}`),
    `seed ${seed}, walk ${number}; to see it again: EXPLORE_SEED=${seed} EXPLORE_WALKS=${number + 1}`,
    ...steps.map(lineOf),
    ...(afterwards.length === 0 ? [] : ['when all was quiet:', ...afterwards.map((label) => `    ${label}`)]),
  ].join('\n');
}

function lineOf({ kind, label }: Step): string {
  return `${{ move: '    ', fault: ' !! ', act: ' >> ' }[kind]}${label}`;
}
