import { type Act, type Choice, choicesOf } from './choices.ts';
import type { Chooser, Shares } from './chooser.ts';
import { conclude } from './conclusion.ts';
import { DirectedHarness } from './directed-harness.ts';
import type { FaultKind } from './faults.ts';
import type { Harness, HarnessOptions } from './harness.ts';
import { type Broken, type Promised, Watch } from './promises/watch.ts';
import { HangingError } from './settling.ts';

/** How a walk begins and what may happen in it. */
export interface Scenario {
  name: string;
  harness?: HarnessOptions;
  begin(harness: DirectedHarness): unknown;
  acts?: (harness: Harness) => Act[];
  faults?: readonly FaultKind[];
  /** Faults in one walk, at the most. */
  mostFaults?: number;
  /** How often they and acts happen, where it is not as usual. */
  shares?: Shares;
  /** Whether everybody is to be scored when the endpoints are well again and somebody has resumed each run. */
  isHealedInTheEnd?: boolean;
}

/** What was chosen. */
export type Step = Omit<Choice, 'make'>;

export interface Walk {
  /** What happened, in order. */
  steps: Step[];
  /** What happened when everything had been quiet. */
  afterwards: string[];
  broken: Broken[];
  harness: Harness;
}

/** A walk that does not come to its end is a fault as well. */
const MAX_STEPS = 2000;

/** From the beginning of a scenario to the end of all that follows from it, as the chooser decides. */
export async function walkThrough(
  scenario: Scenario,
  chooser: Chooser,
  ignored: readonly Promised[] = [],
): Promise<Walk> {
  const harness = new DirectedHarness(scenario.harness);
  const watch = new Watch(harness, ignored);
  const steps: Step[] = [];
  const afterwards: string[] = [];
  await harness.during(async () => {
    try {
      await scenario.begin(harness);
      await proceed(harness, watch, scenario, chooser, steps);
      if (watch.broken.length === 0) await conclude(harness, watch, scenario, afterwards);
    } catch (error) {
      if (!(error instanceof HangingError)) throw error;
      watch.report('nobody hangs', error.message);
    }
  });
  return { steps, afterwards, broken: watch.broken, harness };
}

async function proceed(
  harness: Harness,
  watch: Watch,
  scenario: Scenario,
  chooser: Chooser,
  steps: Step[],
): Promise<void> {
  const acts = scenario.acts?.(harness) ?? [];
  let faultsLeft = scenario.mostFaults ?? 0;
  while (steps.length < MAX_STEPS) {
    const choice = chooser(choicesOf(harness, acts, faultsLeft > 0 ? (scenario.faults ?? []) : []));
    if (choice === undefined || watch.broken.length > 0) return;
    const { make, ...step } = choice;
    steps.push(step);
    if (choice.kind === 'fault') faultsLeft -= 1;
    if (choice.kind === 'act') remove(acts, choice.label);
    await make();
  }
  throw new HangingError(`it goes on after ${MAX_STEPS} steps`);
}

function remove(acts: Act[], label: string): void {
  acts.splice(
    acts.findIndex((act) => act.label === label),
    1,
  );
}
