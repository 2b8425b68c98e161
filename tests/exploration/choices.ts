import { type FaultKind, faultsOf } from './faults.ts';
import type { World } from './world.ts';

/** Something that may happen next. */
export interface Choice {
  /** The same in every walk in which the same may happen. */
  label: string;
  kind: 'move' | 'fault' | 'act';
  /** Who moves: what has no mover happens to nobody. */
  mover?: string;
  /** What kind of fault it is. */
  fault?: FaultKind;
  make: () => unknown;
}

/** What people, schedules and others do, once each at the most. */
export interface Act {
  label: string;
  /** Whether it may happen by now; at any time when there is no condition. */
  mayHappen?: (world: World) => boolean;
  do: (world: World) => unknown;
}

/** How a walk may go on; without moves and acts it is at its end. */
export function choicesOf(world: World, acts: readonly Act[], faults: readonly FaultKind[]): Choice[] {
  return [...movesOf(world), ...actsOf(world, acts), ...faultsOf(world, faults)];
}

/** What happens when nothing goes wrong, the longest under way first. */
export function movesOf(world: World): Choice[] {
  return [...turnsOf(world), ...startsOf(world), ...arrivalsOf(world)];
}

function turnsOf(world: World): Choice[] {
  return world.underWay.flatMap((invocation) =>
    invocation.turns.map((turn) => ({
      label: `${invocation.name}: ${turn.what}`,
      kind: 'move' as const,
      mover: invocation.name,
      make: () => world.take(invocation, turn),
    })),
  );
}

function startsOf(world: World): Choice[] {
  return world.deliveries.waiting.map((delivery) => ({
    label: `${world.titleOf(delivery)} begins`,
    kind: 'move' as const,
    mover: world.titleOf(delivery),
    make: () => world.start(delivery),
  }));
}

function arrivalsOf(world: World): Choice[] {
  return world.strays.map((stray) => ({
    label: `${stray.invocation.name}, which has died: ${stray.turn.what} arrives late`,
    kind: 'move' as const,
    mover: stray.invocation.name,
    make: () => world.arrive(stray),
  }));
}

function actsOf(world: World, acts: readonly Act[]): Choice[] {
  return acts
    .filter(({ mayHappen }) => mayHappen?.(world) ?? true)
    .map((act) => ({ label: act.label, kind: 'act' as const, make: () => act.do(world) }));
}
