import { CommandError } from '../shared/command.ts';
import type { Mutant } from './mutants.ts';
import type { TestProcess } from './test-process.ts';
import type { Trial, TrialOutcome } from './trial.ts';

const MAX_FILE_MS = 300_000;

/** Time limits of a test: short, because some mutants make it wait for ever, but enough for a slow machine. */
const MIN_LIMIT_MS = 2_000;
const SLOWER = 5;

/** Code that runs so many times more often than usual is taken for an endless loop. */
const CIRCLES = 100;

/** The tests of one file that run the code of a mutant. */
export interface Covering {
  trial: Trial;
  /** Milliseconds that these tests take without the mutant. */
  ms: number;
}

/** Finds the tests that run the code of a mutant, the fastest first. */
export type Coverage = (mutant: Mutant) => Covering[];

/**
 * Runs all tests without a mutant.
 *
 * @param files of tests
 * @throws CommandError when one of them fails
 */
export async function coverageOf(files: readonly string[], process: TestProcess): Promise<Coverage> {
  const passedFiles: PassedFile[] = [];
  for (const file of files) {
    const from = performance.now();
    const outcome = await passed(file, process);
    const testsMs = outcome.tests.reduce((sum, { ms }) => sum + ms, 0);
    const passedFile = { ...outcome, file, loadingMs: performance.now() - from - testsMs };
    // Tests that only load the code, for example to start processes of their own, would not notice a mutant.
    if (outcome.tests.some(({ hits }) => Object.keys(hits).length > 0)) passedFiles.push(passedFile);
  }
  return ({ id }) =>
    passedFiles.flatMap((passedFile) => coveringIn(passedFile, id)).toSorted((one, other) => one.ms - other.ms);
}

interface PassedFile extends TrialOutcome {
  file: string;
  /** Time outside of tests: for loading modules, and for code that runs for several tests. */
  loadingMs: number;
}

async function passed(file: string, process: TestProcess): Promise<TrialOutcome> {
  const outcome = await process.try({ file }, MAX_FILE_MS);
  if (outcome === undefined) throw new CommandError(`${file} takes longer than ${MAX_FILE_MS / 60_000} minutes`);
  if (outcome.failure === undefined) return outcome;
  throw new CommandError(`${file} fails without a mutant: ${outcome.failure}`);
}

function coveringIn({ file, tests, sharedHits, loadingMs }: PassedFile, mutant: string): Covering[] {
  const shared = sharedHits[mutant] ?? 0;
  const passing = tests.map((test, index) => ({ ...test, index, times: test.hits[mutant] ?? 0 }));
  const chosen = passing.filter(({ times }) => times + shared > 0);
  if (chosen.length === 0) return [];
  const hitLimit = CIRCLES * chosen.reduce((sum, { times }) => sum + times, shared);
  const limited = chosen.map(({ index, ms }) => ({ index, limitMs: MIN_LIMIT_MS + SLOWER * ms }));
  const ms = chosen.reduce((sum, test) => sum + test.ms, loadingMs);
  return [{ trial: { file, mutant, tests: limited, hitLimit }, ms }];
}
