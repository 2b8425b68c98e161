import type { Coverage } from './coverage.ts';
import type { Mutant } from './mutants.ts';
import type { TestProcess } from './test-process.ts';

/** Whether the tests noticed a mutant. A time-out counts as noticed. */
export type MutantVerdict = 'killed' | 'timed out' | 'survived' | 'not covered';

/** How much longer a trial may take than its tests; it includes the loading of modules. */
const MARGIN_MS = 5_000;
const SLOWER = 5;

/** Runs the tests that run a mutant's code, until one fails. */
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
