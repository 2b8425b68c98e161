import { FEATURE_NAMES, featureNamed } from '../../lib/members/features.ts';
import { arithmeticSteps } from './arithmetic-text.ts';
import type { FeatureExplained } from './explanation.ts';
import { exact } from './numbers.ts';

const WIDTH = 100;
const NAME_WIDTH = Math.max(...FEATURE_NAMES.map((name) => name.length));
const INDENT = '  ';
const EQUALS = ' = ';
const ROOM = WIDTH - INDENT.length - NAME_WIDTH - EQUALS.length;

/** Each feature with its arithmetic, on as many lines as it takes. */
export function featureLines(features: readonly FeatureExplained[]): string[] {
  return ['features', ...features.flatMap(linesOf)];
}

function linesOf({ name, value, arithmetic, recomputed }: FeatureExplained): string[] {
  const { unit: named } = featureNamed(name) ?? {};
  const unit = named === undefined ? '' : ` ${named}`;
  const steps = arithmetic === undefined ? [] : arithmeticSteps(arithmetic, ROOM);
  if (recomputed !== undefined) {
    // What the transactions come to is not what was sent, so the two must not be joined by a sign of equality.
    const was = `${INDENT}${' '.repeat(NAME_WIDTH)}   but ${exact(value)}${unit} is what the endpoints were sent`;
    return [...equation(name, [...steps, `${exact(recomputed)}${unit}`]), was];
  }
  return equation(name, [...steps, `${exact(value)}${unit}`]);
}

function equation(name: string, steps: readonly string[]): string[] {
  const whole = steps.join(EQUALS);
  const lines = whole.length <= ROOM ? [whole] : steps;
  return lines.map((line, place) => `${INDENT}${(place === 0 ? name : '').padEnd(NAME_WIDTH)}${EQUALS}${line}`);
}
