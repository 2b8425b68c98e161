/** The names in a registry, in the order in which its entries are written down. */
export function namesIn<Name extends string>(registry: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (key: string): key is Name => key in registry;
  return Object.keys(registry).filter(isName);
}

/** A record with an entry for each name. @example mapNames(CALLS, () => 0) // { ats: 0, resp: 0, offer: 0 } */
export function mapNames<Name extends string, T>(names: readonly Name[], value: (name: Name) => T): Record<Name, T> {
  const mapped: Partial<Record<Name, T>> = {};
  for (const name of names) mapped[name] = value(name);
  if (isWhole(mapped, names)) return mapped;
  throw new TypeError(`not every one of ${names.join(', ')} has a value`);
}

function isWhole<Name extends string, T>(
  mapped: Partial<Record<Name, T>>,
  names: readonly Name[],
): mapped is Record<Name, T> {
  return names.every((name) => name in mapped);
}
