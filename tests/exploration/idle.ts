import { movesOf } from './choices.ts';
import { plainChooser } from './chooser.ts';
import type { Harness } from './harness.ts';

/**
 * Everything that is under way comes to its end, and nothing goes wrong.
 *
 * @param mayMove whether this one moves, by its name; everybody unless given
 * @returns what happened
 */
export async function idle(harness: Harness, mayMove: (mover: string) => boolean = () => true): Promise<string[]> {
  const chooser = plainChooser();
  const labels: string[] = [];
  const next = () => chooser(movesOf(harness).filter(({ mover = '' }) => mayMove(mover)));
  for (let choice = next(); choice !== undefined; choice = next()) {
    labels.push(choice.label);
    await choice.make();
  }
  return labels;
}
