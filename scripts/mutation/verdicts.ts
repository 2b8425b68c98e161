import type { Coverage } from './coverage.ts';
import type { Mutant } from './mutants.ts';
import type { TestProcess } from './test-process.ts';

/** Whether the tests noticed a mutant. One that goes on for ever is noticed, too. */
export type MutantVerdict = 'killed' | 'timed out' | 'survived' | 'not covered';

/** A trial may take so much longer than its tests; loading what they need is in it. */
const MARGIN_MS = 5_000;
const SLOWER = 5;

/** Tries a mutant on the tests that pass its place, until one fails. */
export async function verdictOn(mutant: Mutant, coverage: Coverage, process: TestProcess): Promise<MutantVerdict> {
  const covering = coverage(mutant);
  if (covering.length === 0) return 'not covered';
  for (const { trial, ms } of covering) {
    const outcome = await process.try(trial, MARGIN_MS + SLOWER * ms);
    if (outcome === undefined) return 'timed out';
    if (outcome.failure !== undefined) return 'killed';
  }
  return 'survived';
}
