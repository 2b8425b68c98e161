import { type Lock, packageNameOf } from './lock.ts';

/** The address that npm writes, whichever mirror a package came from. */
const REGISTRY = 'https://registry.npmjs.org/';

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * One line for every locked package that `npm ci` would install unchecked. It compares a package with its `integrity`,
 * and installs a package without one in any case.
 *
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages
 */
export function integrityComplaints({ packages }: Lock): string[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { version, resolved = REGISTRY, integrity }]) => {
      const id = `${packageNameOf(path)}@${version}`;
      const foreign = resolved.startsWith(REGISTRY) ? [] : [`${id} is from ${resolved}, not from ${REGISTRY}`];
      if (integrity !== undefined && SHA512.test(integrity)) return foreign;
      const has = integrity === undefined ? 'no integrity' : `${integrity} for its integrity`;
      return [...foreign, `${id} has ${has} (${path}): npm view ${id} dist.integrity`];
    });
}
