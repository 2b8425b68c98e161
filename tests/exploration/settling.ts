import { setImmediate as nextRound } from 'node:timers/promises';
import type { Invocation } from './invocation.ts';

/** Rounds of the event loop in which nothing happens before it is taken that nothing will. */
const QUIET_ROUNDS = 4;
const MAX_NS = 20_000_000_000n;

/** Nothing is waited for any more, and it does not end. */
export class HangingError extends Error {
  override name = 'HangingError';
}

/**
 * Resolves when each invocation waits for its turn or has ended.
 *
 * @throws HangingError when one does neither
 */
export async function settled(invocations: readonly Invocation[], quietRounds = QUIET_ROUNDS): Promise<void> {
  const progress = () => invocations.reduce((sum, invocation) => sum + invocation.progress, 0);
  const from = process.hrtime.bigint();
  for (let quiet = 0, before = progress(); quiet < quietRounds; ) {
    await nextRound();
    const busy = invocations.find(({ isBusy }) => isBusy);
    const after = progress();
    quiet = busy === undefined && after === before ? quiet + 1 : 0;
    before = after;
    if (busy && process.hrtime.bigint() - from > MAX_NS) throw new HangingError(`${busy.name} does not go on`);
  }
}
