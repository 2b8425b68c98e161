import { type Choice, movesOf } from './choices.ts';
import { plainChooser } from './chooser.ts';
import type { Invocation } from './invocation.ts';
import type { World } from './world.ts';

/** Everything that is under way comes to its end, and nothing goes wrong. @returns what happened */
export async function idle(world: World, heldUp: readonly Invocation[] = []): Promise<string[]> {
  const chooser = plainChooser();
  const isHeldUp = ({ mover }: Choice) => heldUp.some(({ name }) => name === mover);
  const next = () => chooser(movesOf(world).filter((move) => !isHeldUp(move)));
  const labels: string[] = [];
  for (let choice = next(); choice !== undefined; choice = next()) {
    labels.push(choice.label);
    await choice.make();
  }
  return labels;
}
