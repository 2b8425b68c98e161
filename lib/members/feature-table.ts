import { now } from '../timing/clock.ts';
import type { Step } from '../timing/step-timer.ts';
import { StepTimer } from '../timing/step-timer.ts';
import type { MemberAggregates } from './aggregates.ts';
import type { Computation } from './compiled-features.ts';
import type { Features } from './features.ts';

/**
 * How many members are timed together. One member's feature takes less than reading the clock does, so that timing
 * each would measure the clock.
 */
const MEMBERS_PER_OBSERVATION = 64;

/** Every member's features, a column each, and how long each column took. */
export class FeatureTable {
  readonly #columns: readonly (readonly [name: string, values: Float64Array])[];
  readonly steps: readonly Step[];

  constructor(aggregates: MemberAggregates) {
    const timers: StepTimer[] = [];
    this.#columns = Object.entries(aggregates.features.computations).map(([name, compute]) => {
      const timer = new StepTimer({ step: name, unit: `${MEMBERS_PER_OBSERVATION} members`, items: 'members' });
      timers.push(timer);
      return [name, computeColumn(compute, aggregates, timer)];
    });
    this.steps = timers.map((timer) => timer.statistics());
  }

  /** One member's features. */
  of(member: number): Features {
    const features: Features = {};
    for (const [name, values] of this.#columns) features[name] = values[member] ?? 0;
    return features;
  }
}

function computeColumn(compute: Computation, aggregates: MemberAggregates, timer: StepTimer): Float64Array {
  const { size, asOfDay } = aggregates;
  const column = new Float64Array(size);
  for (let first = 0; first < size; first += MEMBERS_PER_OBSERVATION) {
    const end = Math.min(first + MEMBERS_PER_OBSERVATION, size);
    const from = now();
    for (let member = first; member < end; member++) column[member] = compute(aggregates, member, asOfDay);
    timer.stop(from, end - first);
  }
  return column;
}
