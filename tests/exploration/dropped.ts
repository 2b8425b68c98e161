import { uploadKey } from '../../lib/layout.ts';
import { DirectedWorld } from './directed-world.ts';
import { fileOf } from './members.ts';
import { disagreements, readReport } from './promises/reports.ts';
import type { WorldOptions } from './world.ts';

export const KEY = uploadKey('acme', 'members.csv');
export const COMPLETE = { status: 'COMPLETE', members: { total: 4, scored: 4, failed: 0 } };

/** A file of M1 to M4, in two batches, is dropped. */
export async function dropped<T>(play: (world: DirectedWorld) => Promise<T>, options?: WorldOptions): Promise<T> {
  const world = new DirectedWorld(options);
  return world.during(() => {
    world.store(KEY, fileOf(4));
    return play(world);
  });
}

/** M1 and M3 are refused at first: the run has ended as PARTIAL, and everybody would be scored by now. */
export function partial<T>(play: (world: DirectedWorld) => Promise<T>, options?: WorldOptions): Promise<T> {
  return dropped(async (world) => {
    world.services.refused = new Set(['M1', 'M3']);
    await world.idle();
    world.services.refused = new Set();
    return play(world);
  }, options);
}

/** Where the run's outputs contradict each other. */
export function contradictions(world: DirectedWorld): string[] {
  const summary = world.summary();
  return summary === undefined ? ['no summary'] : disagreements(summary, readReport(world, summary));
}

/** How often a member's average transaction size was asked for. */
export const askedFor = (world: DirectedWorld, member: string) =>
  world.services.calls.filter(({ call, memberId }) => call === 'ats' && memberId === member).length;
