import { count } from '../../../local/terminal/units.ts';
import type { Figure } from '../figure.ts';
import type { BenchHarness } from '../harness.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';
import type { Measurement } from '../task.ts';
import { eventOf, invocationOf, upload } from '../upload.ts';
import { LARGE_MEMBERS } from './large.ts';

export interface FeaturesFigures {
  ratio: Figure;
  peakMb: Figure;
  /** The measurement of one round, for the cost. */
  measurement: Measurement;
}

/** The features stage on a large file, compared with csv-parse alone; each measurement is in a new process. */
export async function features(harness: BenchHarness, rounds: number): Promise<FeaturesFigures> {
  const path = await harness.file(LARGE_MEMBERS, 2);
  const results = await inRounds(rounds, async (round) => {
    const bare = await harness.measure({ task: 'csv-parse', path });
    const event = eventOf(await upload(harness, path, `features-${round}`));
    const own = await harness.measure(invocationOf('features', event));
    return { bare, own };
  });
  const [bare, own] = [
    spreadOfRounds(results.map(({ bare }) => bare.ms)),
    spreadOfRounds(results.map(({ own }) => own.ms)),
  ];
  const [first] = results;
  if (first === undefined) throw new Error('no round was made');
  return {
    measurement: first.own,
    ratio: {
      name: 'features ÷ csv-parse alone',
      value: spreadOfRounds(results.map((result) => result.own.ms / result.bare.ms)),
      target: { atMost: 1.4 },
      detail: `${count(LARGE_MEMBERS)} members; ${(own.median / 1000).toFixed(1)} s, csv-parse ${(bare.median / 1000).toFixed(1)} s`,
    },
    peakMb: {
      name: 'features, peak memory, MB',
      value: spreadOfRounds(results.map((result) => result.own.peakMb)),
      target: { atMost: 400 },
      digits: 0,
      detail: 'resident memory of the whole process',
    },
  };
}
