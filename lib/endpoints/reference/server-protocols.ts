import { namesIn } from '../../registry.ts';
import { REFERENCE, type ReferenceCall } from '../reference-calls.ts';
import { instances } from './instances.ts';
import { jsonObjects } from './json-objects.ts';
import { mlflow } from './mlflow.ts';
import { openInference } from './open-inference.ts';
import { sagemaker } from './sagemaker.ts';
import { JSON_TYPE, type ServedRequest, type ServerProtocol } from './server-protocol.ts';

/** A protocol, and where the reference services speak it: below paths as real servers have them. */
interface Spoken {
  protocol: ServerProtocol;
  /** What the paths of the protocol begin with; undefined for what has none of its own. */
  root?: string;
  path(call: ReferenceCall): string;
}

const SPOKEN = {
  json: { protocol: jsonObjects, path: (call) => REFERENCE[call].path },
  instances: { protocol: instances, root: '/v1/', path: (call) => `/v1/models/${call}:predict` },
  mlflow: { protocol: mlflow, root: '/mlflow/', path: (call) => `/mlflow/${call}/invocations` },
  'open-inference': { protocol: openInference, root: '/v2/', path: (call) => `/v2/models/${call}/infer` },
  sagemaker: { protocol: sagemaker, root: '/endpoints/', path: (call) => `/endpoints/${call}/invocations` },
} as const satisfies Record<string, Spoken>;

/** The protocols of the reference services, by the names that partner files have for them. */
export type ReferenceProtocol = keyof typeof SPOKEN;

export const REFERENCE_PROTOCOLS: Readonly<Record<ReferenceProtocol, Spoken>> = SPOKEN;

export const REFERENCE_PROTOCOL_NAMES = namesIn(REFERENCE_PROTOCOLS);

/** Where a reference service speaks a protocol. */
export function referencePath(call: ReferenceCall, protocol: ReferenceProtocol = 'json'): string {
  return REFERENCE_PROTOCOLS[protocol].path(call);
}

/** The protocol whose paths this is among. */
export function protocolBelow(url: string): ServerProtocol | undefined {
  return Object.values(REFERENCE_PROTOCOLS).find(({ root }) => root !== undefined && url.startsWith(root))?.protocol;
}

/** The protocol of a request to a path that is of no protocol: JSON objects, unless it says something else. */
export function recognized({ body, mediaType }: ServedRequest): ServerProtocol {
  if (typeof body === 'string') return mediaType === JSON_TYPE ? jsonObjects : sagemaker;
  if (typeof body !== 'object' || body === null) return jsonObjects;
  if ('instances' in body) return instances;
  if ('dataframe_split' in body || 'dataframe_records' in body) return mlflow;
  if ('inputs' in body) return Array.isArray(body.inputs) ? openInference : mlflow;
  return jsonObjects;
}
