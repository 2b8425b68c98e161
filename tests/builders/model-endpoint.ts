import { Pool } from 'undici';
import { Endpoint, type EndpointOptions } from '../../lib/endpoints/endpoint.ts';
import { predictionContract } from '../../lib/endpoints/requests.ts';
import { protocolOf } from '../../lib/protocols/protocols.ts';

/** A model that takes several rows a request, at an address of a test's server, and what closes its connections. */
export function modelEndpoint(url: URL, options: Partial<EndpointOptions<number>>, connections = 1) {
  const pool = new Pool(url.origin, { connections });
  const endpoint = new Endpoint({
    id: 'ats',
    label: 'ATS',
    url,
    pool,
    protocol: protocolOf({ protocol: 'instances' }),
    contract: predictionContract(),
    ...options,
  });
  return { endpoint, close: () => pool.destroy() };
}
