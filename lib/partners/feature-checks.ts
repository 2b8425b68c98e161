import {
  type Definition,
  type FeatureDefinition,
  type FieldDefinition,
  MEMBER,
  type ValueCondition,
} from './definition.ts';
import { type FeatureFunction, FUNCTIONS, functionsOf } from './feature-function.ts';
import type { Report } from './field-checks.ts';
import { insteadOf } from './nearest.ts';
import { RESERVED_NAMES } from './reserved-names.ts';

type Fields = Definition['input']['fields'];

/** Looks for what is wrong with features beyond their shape: fields, types, and members that have nothing to tell. */
export function checkFeatures({ input: { fields }, features, models }: Definition, report: Report): void {
  for (const [name, feature] of Object.entries(features)) {
    const reportHere: Report = (path, message) => report(['features', name, ...path], message);
    if (RESERVED_NAMES.has(name) || Object.hasOwn(models, name))
      reportHere([], 'cannot be the name of a feature, because a step of each run is called so');
    const [own, other] = functionsOf(feature);
    if (own === undefined) reportHere([], `must have a function, one of ${FUNCTIONS.join(', ')}`);
    else if (other !== undefined) reportHere([other], `is a second function beside ${own}: make it another feature`);
    else checkFunction(own, feature, fields, reportHere);
    if (feature.where !== undefined)
      checkCondition(feature.where, fields, (path, message) => reportHere(['where', ...path], message));
  }
}

function checkFunction(own: FeatureFunction, feature: FeatureDefinition, fields: Fields, report: Report): void {
  if (own === 'share') {
    checkCondition(feature.share ?? {}, fields, (path, message) => report(['share', ...path], message));
  } else {
    const problem = problemOfColumn(own, feature[own] ?? '', fields);
    if (problem !== undefined) {
      report([own], problem);
      return;
    }
  }
  if (own === 'count' && feature.default !== undefined)
    report(['default'], 'is never used, because a count of none is 0');
  if (feature.default !== undefined || own === 'count' || own === 'sum') return;
  const why = whyWithout(own, feature, fields);
  if (why !== undefined) {
    report([], `needs a default, what a member has ${why}: 0 would say something else than that there is none`);
  }
}

/** Of which members the function has nothing to work with; undefined when there are none. */
function whyWithout(own: FeatureFunction, feature: FeatureDefinition, fields: Fields): string | undefined {
  if (feature.where !== undefined) return 'without a transaction of its where';
  if (feature.days !== undefined) return `without a transaction in ${feature.days} days`;
  const column = own === 'share' ? undefined : feature[own];
  const field = column === undefined ? undefined : fields[column];
  return field !== undefined && mayBeAbsent(field) ? `whose ${column} is always blank` : undefined;
}

/** Whether an accepted row may have no value in a field. */
export function mayBeAbsent({ required, default: value }: FieldDefinition): boolean {
  return required !== true && value === undefined;
}

const TYPES: Record<Exclude<FeatureFunction, 'share' | 'count'>, FieldDefinition['type']> = {
  sum: 'number',
  mean: 'number',
  min: 'number',
  max: 'number',
  daysSinceFirst: 'datetime',
  daysSinceLast: 'datetime',
};

function problemOfColumn(own: Exclude<FeatureFunction, 'share'>, column: string, fields: Fields): string | undefined {
  const usable = Object.keys(fields).filter(
    (name) => name !== MEMBER && (own === 'count' || fields[name]?.type === TYPES[own]),
  );
  const names = own === 'count' ? ['transactions', ...usable] : usable;
  if (names.includes(column)) return undefined;
  const field = Object.hasOwn(fields, column) ? fields[column] : undefined;
  if (field === undefined) return `there is no field ${column}; ${insteadOf(column, names)}`;
  return own === 'count'
    ? 'cannot be of the member, whom a feature is about'
    : `is over fields of type ${TYPES[own]}, and ${column} is ${field.type}`;
}

function checkCondition(condition: ValueCondition, fields: Fields, report: Report): void {
  const usable = Object.entries(fields).filter(([, field]) => field.enum !== undefined);
  for (const [name, values] of Object.entries(condition)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      report(
        [name],
        `there is no field ${name}; ${insteadOf(
          name,
          usable.map(([known]) => known),
        )}`,
      );
      continue;
    }
    if (field.enum === undefined) {
      report([name], `is over fields with an enum, and ${name} has none`);
      continue;
    }
    const known = Object.keys(field.enum);
    for (const value of [values].flat()) {
      if (!known.includes(value))
        report([name], `there is no value ${value} in the enum of ${name}; ${insteadOf(value, known)}`);
    }
  }
}
