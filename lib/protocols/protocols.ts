import { namesIn } from '../registry.ts';
import { INSTANCES } from './instances.ts';
import { JSON_OBJECTS } from './json.ts';
import { MLFLOW } from './mlflow.ts';
import { OPEN_INFERENCE } from './open-inference.ts';
import type { Layout, Protocol, ProtocolKind, ProtocolOptions } from './protocol.ts';
import { SAGEMAKER } from './sagemaker.ts';

/** The protocols that a partner file can choose, by the names that it has for them. */
const KINDS = {
  json: JSON_OBJECTS,
  instances: INSTANCES,
  mlflow: MLFLOW,
  'open-inference': OPEN_INFERENCE,
  sagemaker: SAGEMAKER,
} as const satisfies Record<string, ProtocolKind>;

export type ProtocolName = keyof typeof KINDS;

export const PROTOCOLS: Readonly<Record<ProtocolName, ProtocolKind>> = KINDS;

export const PROTOCOL_NAMES = namesIn(PROTOCOLS);

export const DEFAULT_PROTOCOL = 'json';

/** A protocol in one of its layouts, as a partner file names them. */
export interface Manner extends ProtocolOptions {
  protocol?: ProtocolName | undefined;
  layout?: string | undefined;
}

/** The layout that counts. @throws when the protocol has none of that name, which partner files are checked for */
export function layoutOf({ protocol = DEFAULT_PROTOCOL, layout }: Manner): Layout {
  const { layouts } = PROTOCOLS[protocol];
  const chosen = Object.entries(layouts).find(([name]) => layout === undefined || name === layout)?.[1];
  if (chosen === undefined) throw new RangeError(`${protocol} has no layout ${layout}`);
  return chosen;
}

/** How an endpoint is spoken to. @throws as `layoutOf` */
export function protocolOf(manner: Manner): Protocol {
  return layoutOf(manner).of(manner);
}

/** Whether each request is signed. */
export function isSigned({ protocol = DEFAULT_PROTOCOL }: Manner): boolean {
  return PROTOCOLS[protocol].isSigned ?? false;
}
