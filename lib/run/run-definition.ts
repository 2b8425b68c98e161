import type { Definition } from '../partners/definition.ts';
import { FIRST_DEFINITION } from '../partners/first-definition.ts';
import { mapNames } from '../registry.ts';
import type { Manifest } from './contracts.ts';

/** A run was begun by a version of the service that has other features. */
export class UnknownFeatureError extends Error {
  override name = 'UnknownFeatureError';
}

/**
 * The definition that a run was begun with, whatever is deployed now. Runs of older contracts carry none, but names of
 * features that were the same for all.
 * @throws UnknownFeatureError when this version of the service lacks one of these
 */
export function definitionOf({ partnerFile, features: names }: Pick<Manifest, 'partnerFile' | 'features'>): Definition {
  if (partnerFile !== undefined) return partnerFile.definition;
  const features = mapNames(names, (name) => {
    const feature = isFirst(name) ? FIRST_DEFINITION.features[name] : undefined;
    if (feature !== undefined) return feature;
    throw new UnknownFeatureError(
      `the run has a feature ${name}, which this version of the service does not know: deploy the one that began it, or drop the file again`,
    );
  });
  return { ...FIRST_DEFINITION, features };
}

/** The same, without what this version of the service does not know. */
export function knownDefinitionOf({ partnerFile, features }: Pick<Manifest, 'partnerFile' | 'features'>): Definition {
  return definitionOf({ partnerFile, features: features.filter(isFirst) });
}

function isFirst(name: string): boolean {
  return Object.hasOwn(FIRST_DEFINITION.features, name);
}
