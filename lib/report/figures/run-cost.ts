import { estimate } from '../../cost/estimate.ts';
import { PRICES_OF } from '../../cost/prices.ts';
import { type Cost, inAll, type Usage } from '../../cost/usage.ts';
import { STAGES, type Stage } from '../../timing/steps.ts';

/** The usage of a function whose memory is known. */
type Known = Usage & { memoryMb: number };

/** Adds up what the functions of a run have used, and works out the cost. */
export class RunCost {
  readonly #used = new Map<Stage, Usage>();
  #isLowerBound = false;

  /** @param usage undefined when the invocation was killed before it could store it, or its version recorded none */
  add(stage: Stage, usage: Usage | undefined): void {
    if (usage?.memoryMb === undefined) this.#isLowerBound = true;
    else this.#used.set(stage, inAll(this.#used.get(stage), usage));
  }

  /** Undefined when no function's memory is known. */
  cost(): Cost | undefined {
    const stages = STAGES.flatMap((name) => {
      const used = this.#used.get(name);
      return isKnown(used) ? [stageCost(name, used)] : [];
    });
    if (stages.length === 0) return undefined;
    const { region, asOf } = PRICES_OF;
    const usd = stages.reduce((sum, stage) => sum + stage.usd, 0);
    return { usd, isLowerBound: this.#isLowerBound, prices: { region, asOf }, stages };
  }
}

function isKnown(used: Usage | undefined): used is Known {
  return used?.memoryMb !== undefined;
}

function stageCost(name: Stage, { invocations, durationMs, memoryMb, s3 }: Known): Cost['stages'][number] {
  const stage = { name, invocations, seconds: durationMs / 1000, memoryMb, s3 };
  return { ...stage, usd: estimate({ stages: [stage] }).usd };
}
