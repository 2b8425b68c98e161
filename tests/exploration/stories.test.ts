import './charts.ts';
import { randomFrom } from '../../scripts/shared/random.ts';
import { randomChooser, replayingChooser } from './chooser.ts';
import { exploreOrThrow } from './exploration.ts';
import { SCENARIOS } from './scenarios.ts';
import { walkThrough } from './walk.ts';

const SEED = Number(process.env.EXPLORE_SEED ?? 1);
const WALKS = Number(process.env.EXPLORE_WALKS ?? 25);

describe.each(SCENARIOS)('$name', (scenario) => {
  it('and every promise is kept', () => exploreOrThrow(scenario, { seed: SEED, walks: WALKS }), 3_600_000);
});

describe('a walk', () => {
  it.each(SCENARIOS)('is the same for the same seed, and can be gone again: $name', async (scenario) => {
    const labelsOf = async (chooser: ReturnType<typeof randomChooser>) => {
      const { steps, afterwards } = await walkThrough(scenario, chooser);
      return [...steps.map(({ label }) => label), '', ...afterwards];
    };
    const labels = await labelsOf(randomChooser(randomFrom(SEED)));
    expect(await labelsOf(randomChooser(randomFrom(SEED)))).toEqual(labels);
    expect(await labelsOf(replayingChooser(labels.slice(0, labels.indexOf(''))))).toEqual(labels);
  });
});
