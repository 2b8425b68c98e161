import { callsOf, inWords } from '../lib/calls.ts';
import type { Callable } from '../lib/endpoints/callable.ts';
import type { DeployedCalls } from '../lib/endpoints/deployed-calls.ts';
import { EndpointPool, type Endpoints, type EndpointsOptions } from '../lib/endpoints/endpoints.ts';
import {
  mapReferenceCalls,
  REFERENCE_CALLS,
  REFERENCE_VARIABLES,
  type ReferenceCall,
} from '../lib/endpoints/reference-calls.ts';
import type { CallsDefinition } from '../lib/partners/definition.ts';
import { FIRST_DEFINITION } from '../lib/partners/first-definition.ts';
import { DEFAULT_PARTNER } from '../lib/partners/partners.ts';
import { mapNames } from '../lib/registry.ts';
import type { EndpointSource } from '../lib/stages/predict/score-batch.ts';

/** What default.yml calls, for tests that have a value for each call. */

export type Call = ReferenceCall;
export type Prediction = Exclude<Call, 'offer'>;

export const CALLS = REFERENCE_CALLS;
export const PREDICTIONS = ['ats', 'resp'] as const;
export const URL_VARIABLES = REFERENCE_VARIABLES;
export { REFERENCE as CALL_DEFINITION } from '../lib/endpoints/reference-calls.ts';

/** As reports have them. */
export const DEFAULT_CALLS = callsOf(FIRST_DEFINITION);

export const mapCalls = mapReferenceCalls;

export function mapPredictions<T>(value: (prediction: Prediction) => T): Record<Prediction, T> {
  return mapNames(PREDICTIONS, value);
}

export function callsInWords(words: readonly string[] = CALLS): string {
  return inWords(words);
}

/** Endpoints at these addresses, and where the predict stage gets them. */
export interface DefaultEndpoints {
  ats: Callable<number>;
  resp: Callable<number>;
  offer: Callable<string>;
  /** Of a run that has all calls. */
  all: Endpoints;
  source: EndpointSource;
}

/** The endpoints of default.yml at some addresses. */
export function endpointsAt(urls: Record<Call, URL>, options: Partial<EndpointsOptions> = {}): DefaultEndpoints {
  const pool = new EndpointPool({ concurrency: 1, ...options });
  const addresses = addressesOf(urls);
  const of = (definition: CallsDefinition) => pool.of(definition, addresses);
  const all = of(FIRST_DEFINITION);
  const [ats, resp] = all.models;
  if (ats === undefined || resp === undefined || all.offer === undefined) throw new Error('there are three');
  return {
    ats: ats.endpoint,
    resp: resp.endpoint,
    offer: all.offer.endpoint,
    all,
    source: { prepare: () => pool.prepare(), of },
  };
}

/** The same addresses, whatever the partner. */
export function addressesOf(urls: Readonly<Record<string, URL>>, owner = DEFAULT_PARTNER): DeployedCalls {
  const addressOf = (call: string) => {
    const url = urls[call];
    if (url === undefined) throw new Error(`no address for ${call}`);
    return url;
  };
  return { owner, addressOf, limitsOf: () => ({}), mannerOf: () => ({}) };
}
