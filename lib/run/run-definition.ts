import { type Calls, callNames, callsOf } from '../calls.ts';
import type { CallsDefinition, Definition } from '../partners/definition.ts';
import { FIRST_DEFINITION } from '../partners/first-definition.ts';
import { mapNames } from '../registry.ts';
import type { Batch, Manifest } from './contracts.ts';

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

/** What a run calls, as its report has it. */
export function callsOfRun(manifest: Pick<Manifest, 'partnerFile' | 'features'>): Calls {
  return callsOf(knownDefinitionOf(manifest));
}

/** A run was begun by a version of the service that has other calls. */
export class UnknownCallError extends Error {
  override name = 'UnknownCallError';
}

/**
 * What is called for the members of a batch, as the run was begun, whatever is deployed now.
 * @throws UnknownCallError when an older run has a call that this version of the service lacks
 */
export function callsDefinitionOf({ calls, definition }: Pick<Batch, 'calls' | 'definition'>): CallsDefinition {
  if (definition !== undefined) return definition;
  const known = callNames(FIRST_DEFINITION);
  const unknown = calls.find((call) => !known.includes(call));
  if (unknown !== undefined) {
    throw new UnknownCallError(
      `the run has a call ${unknown}, which this version of the service does not know: deploy the one that began it, or drop the file again`,
    );
  }
  return narrowed(FIRST_DEFINITION, calls);
}

/** What a definition says of some of its calls. */
function narrowed({ models, offer }: CallsDefinition, calls: readonly string[]): CallsDefinition {
  const send = Object.entries(offer?.send ?? {}).filter(([, model]) => calls.includes(model));
  return {
    models: Object.fromEntries(Object.entries(models).filter(([name]) => calls.includes(name))),
    offer: offer && { ...offer, send: Object.fromEntries(send) },
  };
}

/** What a run calls, as reports show it: of an older summary all that there was. */
export function shownCallsOf({ definition }: Pick<Batch, 'definition'>): Calls {
  return callsOf(definition ?? FIRST_DEFINITION);
}

function isFirst(name: string): boolean {
  return Object.hasOwn(FIRST_DEFINITION.features, name);
}
