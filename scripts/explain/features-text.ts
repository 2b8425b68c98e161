import type { Definition } from '../../lib/partners/definition.ts';
import { unitOf } from '../../lib/partners/feature-function.ts';
import { printable } from '../../local/terminal/printable.ts';
import { arithmeticSteps } from './arithmetic-text.ts';
import type { FeatureExplained } from './explanation.ts';
import { exact } from './numbers.ts';

const WIDTH = 100;
/** A longer name stands out. */
const MAX_NAME_WIDTH = 45;
const INDENT = '  ';
const EQUALS = ' = ';

/** Each feature with its arithmetic, on as many lines as it takes. */
export function featureLines(features: readonly FeatureExplained[], definition: Definition): string[] {
  const widths = features.map(({ name }) => printable(name).length);
  const nameWidth = Math.min(MAX_NAME_WIDTH, Math.max(0, ...widths));
  return ['features', ...features.flatMap((feature) => linesOf(feature, definition, nameWidth))];
}

function linesOf(
  { name, value, arithmetic, recomputed }: FeatureExplained,
  { features }: Definition,
  nameWidth: number,
): string[] {
  const feature = Object.hasOwn(features, name) ? features[name] : undefined;
  const named = feature === undefined ? undefined : unitOf(feature);
  const unit = named === undefined ? '' : ` ${printable(named)}`;
  const room = WIDTH - INDENT.length - nameWidth - EQUALS.length;
  const steps = arithmetic === undefined ? [] : arithmeticSteps(arithmetic, room);
  const lines = equation(name, [...steps, `${exact(recomputed ?? value)}${unit}`], { nameWidth, room });
  if (recomputed === undefined) return lines;
  // What the transactions come to is not what was sent, so the two must not be joined by a sign of equality.
  return [...lines, `${INDENT}${' '.repeat(nameWidth)}   but ${exact(value)}${unit} is what the endpoints were sent`];
}

function equation(name: string, steps: readonly string[], { nameWidth, room }: { nameWidth: number; room: number }) {
  const whole = steps.join(EQUALS);
  const lines = whole.length <= room ? [whole] : steps;
  return lines.map(
    (line, place) => `${INDENT}${(place === 0 ? printable(name) : '').padEnd(nameWidth)}${EQUALS}${line}`,
  );
}
