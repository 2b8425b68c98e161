/**
 * What is there several times, as features and calls are, is written down once: a record of definitions by name.
 * All else is made of that record with these functions.
 */

/** The names in a registry, in the order in which its entries are written down. */
export function namesIn<Name extends string>(registry: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (key: string): key is Name => key in registry;
  return Object.keys(registry).filter(isName);
}

/** A record with an entry for each name. @example mapNames(CALLS, () => 0) // { ats: 0, resp: 0, offer: 0 } */
export function mapNames<Name extends string, T>(names: readonly Name[], value: (name: Name) => T): Record<Name, T> {
  const mapped: Partial<Record<Name, T>> = {};
  for (const name of names) mapped[name] = value(name);
  return complete(mapped, names);
}

/** Whether a record has a value for each name. */
export function isWhole<Name extends string, T>(
  record: Partial<Record<Name, T>>,
  names: readonly Name[],
): record is Record<Name, T> {
  return names.every((name) => record[name] !== undefined);
}

function complete<Name extends string, T>(mapped: Partial<Record<Name, T>>, names: readonly Name[]): Record<Name, T> {
  const hasAll = (record: Partial<Record<Name, T>>): record is Record<Name, T> => names.every((name) => name in record);
  if (hasAll(mapped)) return mapped;
  throw new TypeError(`not every one of ${names.join(', ')} has a value`);
}
