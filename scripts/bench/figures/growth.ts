import { count } from '../../../local/terminal/units.ts';
import type { Figure } from '../figure.ts';
import type { BenchHarness } from '../harness.ts';
import { CONCURRENCY } from '../load.ts';
import { SERVICE } from '../measured-service.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** From this size on, the time per member should not grow. */
const FLAT_FROM = 10_000;
const MAX_MEMBERS_IN_ROUNDS = 100_000;
const ROUNDS = 3;
const WARM_UP_MEMBERS = 10_000;

const STAGES = { task: 'stages', batching: SERVICE.localBatching, concurrency: CONCURRENCY } as const;

/** How much the time per member differs between sizes: all stages together, with endpoints that answer at once. */
export async function growth(harness: BenchHarness): Promise<Figure> {
  const worker = harness.worker();
  let seed = 1;
  const perMember = async (members: number): Promise<number> => {
    seed += 1;
    const { ms } = await worker.do({ ...STAGES, members, seed });
    return (ms * 1000) / members;
  };
  await inRounds(ROUNDS, () => perMember(WARM_UP_MEMBERS));
  const microseconds = new Map<number, number>();
  for (const members of SIZES) {
    const rounds = members > MAX_MEMBERS_IN_ROUNDS ? 1 : ROUNDS;
    microseconds.set(members, spreadOfRounds(await inRounds(rounds, () => perMember(members))).median);
  }
  worker.stop();
  const flat = [...microseconds].filter(([members]) => members >= FLAT_FROM).map(([, value]) => value);
  return {
    name: 'growth of time per member',
    value: spreadOfRounds([Math.max(...flat) / Math.min(...flat) - 1]),
    target: { atMost: 0.2 },
    detail: [...microseconds].map(([members, value]) => `${count(members)}: ${value.toFixed(0)} µs`).join(', '),
  };
}
