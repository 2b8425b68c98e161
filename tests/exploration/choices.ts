import { type FaultKind, faultsOf } from './faults.ts';
import type { Harness } from './harness.ts';

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
  mayHappen?: (harness: Harness) => boolean;
  do: (harness: Harness) => unknown;
}

/** How a walk may go on; without moves and acts it is at its end. */
export function choicesOf(harness: Harness, acts: readonly Act[], faults: readonly FaultKind[]): Choice[] {
  return [...movesOf(harness), ...actsOf(harness, acts), ...faultsOf(harness, faults)];
}

/** What happens when nothing goes wrong, the longest under way first. */
export function movesOf(harness: Harness): Choice[] {
  return [...turnsOf(harness), ...startsOf(harness), ...arrivalsOf(harness)];
}

function turnsOf(harness: Harness): Choice[] {
  return harness.underWay.flatMap((invocation) =>
    invocation.turns.map((turn) => ({
      label: `${invocation.name}: ${turn.what}`,
      kind: 'move' as const,
      mover: invocation.name,
      make: () => harness.take(invocation, turn),
    })),
  );
}

function startsOf(harness: Harness): Choice[] {
  return harness.deliveries.waiting.map((delivery) => ({
    label: `${harness.titleOf(delivery)} begins`,
    kind: 'move' as const,
    mover: harness.titleOf(delivery),
    make: () => harness.start(delivery),
  }));
}

function arrivalsOf(harness: Harness): Choice[] {
  return harness.strays.map((stray) => ({
    label: `${stray.invocation.name}, which has died: ${stray.turn.what} arrives late`,
    kind: 'move' as const,
    mover: stray.invocation.name,
    make: () => harness.arrive(stray),
  }));
}

function actsOf(harness: Harness, acts: readonly Act[]): Choice[] {
  return acts
    .filter(({ mayHappen }) => mayHappen?.(harness) ?? true)
    .map((act) => ({ label: act.label, kind: 'act' as const, make: () => act.do(harness) }));
}
