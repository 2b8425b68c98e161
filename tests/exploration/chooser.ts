import type { Random } from '../../scripts/shared/random.ts';
import type { Choice } from './choices.ts';

/** Decides how a walk goes on; undefined ends it, which it may when nothing but acts and faults could follow. */
export type Chooser = (choices: readonly Choice[]) => Choice | undefined;

/** In how many of the steps something goes wrong, and in how many somebody does something, as long as there may be any. */
export interface Shares {
  faults: number;
  acts: number;
}

const USUAL_SHARES: Shares = { faults: 0.05, acts: 0.04 };

/** Who goes on, of all that could. */
type Order = (moves: readonly Choice[]) => Choice | undefined;

/** A walk at random: in some everybody is as likely, in others some are much faster than others. */
export function randomChooser(random: Random, shares = USUAL_SHARES): Chooser {
  const order = random.pick([anyOf, patientOf, rankedOf])(random);
  return (choices) => {
    const of = (kind: Choice['kind']) => choices.filter((choice) => choice.kind === kind);
    const [moves, acts, faults] = [of('move'), of('act'), of('fault')];
    if (faults.length > 0 && moves.length > 0 && random.chance(shares.faults)) return faultOf(random, faults);
    if (acts.length > 0 && (moves.length === 0 || random.chance(shares.acts))) return random.pick(acts);
    return order(moves);
  };
}

/** Each kind as likely as the others: there are far more ways to crash than to lose an event. */
function faultOf(random: Random, faults: readonly Choice[]): Choice {
  const kind = random.pick([...new Set(faults.map(({ fault }) => fault))]);
  return random.pick(faults.filter(({ fault }) => fault === kind));
}

function anyOf(random: Random): Order {
  return (moves) => (moves.length === 0 ? undefined : random.pick(moves));
}

/** Whoever has begun goes on, but for a change now and then. */
function patientOf(random: Random): Order {
  let mover: string | undefined;
  return (moves) => {
    if (moves.length === 0) return undefined;
    const own = moves.filter((move) => move.mover === mover);
    const next = own.length === 0 || random.chance(0.1) ? random.pick(moves) : random.pick(own);
    mover = next.mover;
    return next;
  };
}

/**
 * Everybody has a rank, and the first one goes on; now and then the first becomes the last. Finds what needs somebody to
 * be very late.
 *
 * @see Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010
 */
function rankedOf(random: Random): Order {
  const ranks = new Map<string, number>();
  let lowest = 0;
  const rankOf = ({ mover = '' }: Choice) => {
    const rank = ranks.get(mover) ?? random.fraction();
    ranks.set(mover, rank);
    return rank;
  };
  return (moves) => {
    const first = moves.toSorted((one, other) => rankOf(other) - rankOf(one))[0];
    if (first?.mover !== undefined && random.chance(0.05)) ranks.set(first.mover, --lowest);
    return first;
  };
}

/** Nothing goes wrong: whoever moved last goes on, and whoever waits longest begins. */
export function plainChooser(): Chooser {
  let mover: string | undefined;
  return (choices) => {
    const moves = choices.filter(({ kind }) => kind === 'move');
    const next = moves.find((move) => move.mover === mover) ?? moves[0];
    mover = next?.mover;
    return next;
  };
}

/** What was chosen before, as far as it is possible; after that, nothing goes wrong. */
export function replayingChooser(labels: readonly string[]): Chooser {
  const plain = plainChooser();
  let position = 0;
  return (choices) => {
    while (position < labels.length) {
      const label = labels[position++];
      const choice = choices.find((one) => one.label === label);
      if (choice !== undefined) return choice;
    }
    return plain(choices);
  };
}
