import type { FastifyRequest } from 'fastify';
import { receivedOf } from '../../lib/endpoints/reference/routes.ts';
import { RefusedRequest } from '../../lib/endpoints/reference/scoring-service.ts';
import type { ServedRequest, ServerProtocol } from '../../lib/endpoints/reference/server-protocol.ts';
import { REFERENCE_PROTOCOLS, recognized } from '../../lib/endpoints/reference/server-protocols.ts';
import { REFERENCE_CALLS, type ReferenceCall } from '../../lib/endpoints/reference-calls.ts';
import { REFERENCE_SERVICES } from '../../lib/endpoints/reference-services.ts';

/** What a request asks of a reference service. */
export interface ServiceCall {
  call: ReferenceCall;
  protocol: ServerProtocol;
  /** By name; none when the request cannot be read. */
  rows: readonly unknown[];
  /** Of its body. */
  bytes: number;
}

interface Place {
  call: ReferenceCall;
  /** Undefined where a request is answered in the protocol that it has. */
  protocol: ServerProtocol | undefined;
}

const PLACES = new Map<string, Place>(
  Object.values(REFERENCE_PROTOCOLS).flatMap(({ protocol, root, path }) =>
    REFERENCE_CALLS.map((call) => [path(call), { call, protocol: root === undefined ? undefined : protocol }]),
  ),
);

/** What a request asks; undefined when it is for something else than a reference service. */
export function askedOf(request: FastifyRequest): ServiceCall | undefined {
  const place = PLACES.get(request.url);
  if (place === undefined) return undefined;
  const received = receivedOf(request);
  const { call, protocol = recognized(received) } = place;
  return { call, protocol, rows: rowsIn(received, protocol, call), bytes: bytesOf(request) };
}

function rowsIn(received: ServedRequest, protocol: ServerProtocol, call: ReferenceCall): readonly unknown[] {
  try {
    return protocol.read(received, REFERENCE_SERVICES[call]);
  } catch (error) {
    if (error instanceof RefusedRequest) return [];
    throw error;
  }
}

function bytesOf({ headers, body }: FastifyRequest): number {
  return Number(headers['content-length'] ?? Buffer.byteLength(JSON.stringify(body) ?? ''));
}
