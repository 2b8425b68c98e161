import { expect } from 'expect';
import * as circus from 'jest-circus';
import { loadFreshly, refreshModules } from './fresh-modules.ts';
import { type Trial, type TrialOutcome, trialSchema } from './trial.ts';

/** Runs one trial after the other with jest's own test runner, and answers each with a `TrialOutcome`. */

type Block = circus.State['rootDescribeBlock'];
type Test = circus.State['rootDescribeBlock']['tests'][number];

/** The process that asked for the trial has its own limit. */
const UNLIMITED_MS = 600_000;

/** The object that instrumented code reads and counts in; see INSTRUMENTER_CONSTANTS of Stryker's API. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount: number;
  hitLimit: number;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
const switchboard: Switchboard = { hitCount: 0, hitLimit: 0, mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect });
Object.assign(globalThis, { __stryker__: switchboard });

let tests: Test[] = [];
circus.addEventHandler((event) => {
  if (event.name === 'test_start') switchboard.currentTestId = String(tests.indexOf(event.test));
  if (event.name !== 'test_done') return;
  switchboard.currentTestId = undefined;
  if (event.test.errors.length > 0) skipAll(() => true);
});

/** Errors that no code has caught; jest counts them as failures, too. A test may handle a promise until it ends. */
const uncaught = new Map<unknown, unknown>();
process.on('uncaughtException', (error) => uncaught.set(error, error));
process.on('unhandledRejection', (reason, promise) => uncaught.set(promise, reason));
process.on('rejectionHandled', (promise) => uncaught.delete(promise));

refreshModules(process.argv[2] ?? '');
process.on('disconnect', () => process.exit());
process.on('message', async (message) => process.send?.(await outcomeOf(trialSchema.parse(message))));

async function outcomeOf({ file, mutant, tests: chosen, hitLimit }: Trial): Promise<TrialOutcome> {
  const coverage = { static: {}, perTest: {} };
  const hits = { hitCount: 0, hitLimit: hitLimit ?? Number.POSITIVE_INFINITY, mutantCoverage: coverage };
  Object.assign(switchboard, { activeMutant: mutant, currentTestId: undefined, ...hits });
  circus.resetState();
  uncaught.clear();
  const failure = await failureOf(file, chosen);
  const perTest: Switchboard['mutantCoverage']['perTest'] = coverage.perTest;
  const timed = tests.map(({ duration }, index) => ({ ms: duration ?? 0, hits: perTest[index] ?? {} }));
  return { ...(failure === undefined ? {} : { failure }), tests: timed, sharedHits: coverage.static };
}

async function failureOf(file: string, chosen: Trial['tests']): Promise<string | undefined> {
  try {
    await loadFreshly(file);
    tests = testsIn(circus.getState().rootDescribeBlock);
    circus.getState().testTimeout = UNLIMITED_MS;
    if (chosen !== undefined) choose(chosen);
    const { testResults, unhandledErrors } = await circus.run();
    const failed = testResults.find(({ errors }) => errors.length > 0);
    if (failed !== undefined) return `${failed.testPath.slice(1).join(' ')}: ${failed.errors[0]}`;
    const [error] = [...unhandledErrors, ...uncaught.values()];
    return error === undefined ? undefined : String(error);
  } catch (error) {
    return String(error);
  }
}

function choose(chosen: NonNullable<Trial['tests']>): void {
  const limits = new Map(chosen.map(({ index, limitMs }) => [index, limitMs]));
  for (const [index, one] of tests.entries()) one.timeout = limits.get(index);
  skipAll((index) => !limits.has(index));
}

function skipAll(isSkipped: (index: number) => boolean): void {
  for (const [index, one] of tests.entries()) if (isSkipped(index)) one.mode = 'skip';
}

function testsIn(block: Block): Test[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)));
}
