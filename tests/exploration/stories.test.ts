import './charts.ts';
import { randomFrom } from '../../scripts/cli/random.ts';
import { randomChooser } from './chooser.ts';
import type { Promised } from './promises/watch.ts';
import { SCENARIOS } from './scenarios.ts';
import { shortened } from './shortening.ts';
import { walkThrough } from './walk.ts';

const SEED = Number(process.env.EXPLORE_SEED ?? 1);
const WALKS = Number(process.env.EXPLORE_WALKS ?? 20);

/** Promises that are not kept yet. */
const IGNORED: readonly Promised[] = (process.env.EXPLORE_IGNORED?.split(',') ?? []) as Promised[];

describe.each(SCENARIOS)('$name', (scenario) => {
  it('keeps every promise', async () => {
    const from = process.hrtime.bigint();
    const found = new Map<string, number>();
    let failing: Awaited<ReturnType<typeof walkThrough>> | undefined;
    let steps = 0;
    for (let walk = 0; walk < WALKS; walk++) {
      const done = await walkThrough(scenario, randomChooser(randomFrom(SEED * 100_003 + walk)), IGNORED);
      steps += done.labels.length;
      const [broken] = done.broken;
      if (!broken) continue;
      found.set(broken.promise, (found.get(broken.promise) ?? 0) + 1);
      failing ??= done;
    }
    const ms = Number(process.hrtime.bigint() - from) / 1e6;
    console.log(
      scenario.name,
      `${(ms / WALKS).toFixed(0)} ms, ${(steps / WALKS).toFixed(0)} steps a walk`,
      [...found],
      failing?.broken,
    );
    if (failing && process.env.SHORT) {
      const short = await shortened(scenario, failing, IGNORED);
      console.log([...short.labels, '--', ...short.afterwards].join('\n'), short.broken);
    }
  });
});
