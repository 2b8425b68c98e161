import { type Act, type Choice, choicesOf } from './choices.ts';
import type { Chooser, Shares } from './chooser.ts';
import { conclude } from './conclusion.ts';
import { DirectedWorld } from './directed-world.ts';
import type { FaultKind } from './faults.ts';
import { type Broken, type Promised, Watch } from './promises/watch.ts';
import { HangingError } from './settling.ts';
import type { World, WorldOptions } from './world.ts';

/** How a world begins and what may happen in it. */
export interface Scenario {
  name: string;
  world?: WorldOptions;
  begin(world: DirectedWorld): unknown;
  acts?: (world: World) => Act[];
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
  world: World;
}

/** A walk that does not come to its end is a fault as well. */
const MAX_STEPS = 2000;

/** From the beginning of a scenario to the end of all that follows from it, as the chooser decides. */
export async function walkThrough(
  scenario: Scenario,
  chooser: Chooser,
  ignored: readonly Promised[] = [],
): Promise<Walk> {
  const world = new DirectedWorld(scenario.world);
  const watch = new Watch(world, ignored);
  const steps: Step[] = [];
  const afterwards: string[] = [];
  await world.during(async () => {
    try {
      await scenario.begin(world);
      await proceed(world, watch, scenario, chooser, steps);
      if (watch.broken.length === 0) await conclude(world, watch, scenario, afterwards);
    } catch (error) {
      if (!(error instanceof HangingError)) throw error;
      watch.report('nobody hangs', error.message);
    }
  });
  return { steps, afterwards, broken: watch.broken, world };
}

async function proceed(world: World, watch: Watch, scenario: Scenario, chooser: Chooser, steps: Step[]): Promise<void> {
  const acts = scenario.acts?.(world) ?? [];
  let faultsLeft = scenario.mostFaults ?? 0;
  while (steps.length < MAX_STEPS) {
    const choice = chooser(choicesOf(world, acts, faultsLeft > 0 ? (scenario.faults ?? []) : []));
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
