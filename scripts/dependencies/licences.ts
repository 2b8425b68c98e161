import { z } from 'zod';
import { type Lock, NODE_MODULES, packageNameOf } from './lock.ts';

/** The allowed licences: SPDX expressions exactly as the packages state them. */
export const licencePolicySchema = z.strictObject({ allowed: z.array(z.string()) });

/** Names of packages by their licence, both in alphabetical order. */
export type Licences = Map<string, string[]>;

const UNSTATED = 'none stated';

/** The licences of all packages that may be shipped: all locked packages except those for development alone. */
export function shippedLicences({ packages }: Lock): Licences {
  const shipped = Object.entries(packages)
    .filter(([path, { dev }]) => path.startsWith(NODE_MODULES) && !dev)
    .map(([path, { license }]) => ({ name: packageNameOf(path), licence: license ?? UNSTATED }));
  const byLicence = Map.groupBy(shipped, ({ licence }) => licence);
  return new Map(
    [...byLicence.keys()]
      .toSorted()
      .map((licence) => [licence, [...new Set(byLicence.get(licence)?.map(({ name }) => name))].toSorted()]),
  );
}

/** One line for every licence that is not allowed. */
export function licenceComplaints(licences: Licences, allowed: readonly string[]): string[] {
  return [...licences]
    .filter(([licence]) => !allowed.includes(licence))
    .map(([licence, names]) => `${licence} is not among the allowed licences: ${names.join(', ')}`);
}

/** The list for people. It names no versions, so that it changes only when packages or their licences do. */
export function licencesText(licences: Licences): string {
  const sections = [...licences].map(([licence, names]) => `## ${licence}\n\n${names.join(', ')}\n`);
  return `# Licences of what is shipped

Written by \`npm run licences\`. These are all production dependencies and what they depend on; the bundles hold a part
of it. Which licences are allowed is in \`.github/licences.json\`.

${sections.join('\n')}`;
}
