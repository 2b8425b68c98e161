import { Pool } from 'undici';
import { Endpoint, type Resilience } from './endpoint.ts';
import { offerResponseSchema, predictionResponseSchema } from './requests.ts';

/** The three services that score a member. */
export interface Endpoints {
  ats: Endpoint<{ prediction: number }>;
  resp: Endpoint<{ prediction: number }>;
  offer: Endpoint<{ offer: string }>;
}

export interface EndpointsOptions {
  ats: URL;
  resp: URL;
  offer: URL;
  /** Connections per host at the most, which bounds the load on it. */
  connections: number;
  resilience?: Partial<Resilience>;
}

/** No answer of these services comes near this size. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** Services on the same host share its connections. */
export function createEndpoints({ ats, resp, offer, connections, resilience = {} }: EndpointsOptions): Endpoints {
  const pools = new Map<string, Pool>();
  const poolFor = ({ origin }: URL): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections, maxResponseSize: LARGEST_ANSWER_BYTES });
    pools.set(origin, pool);
    return pool;
  };
  const predictions = { schema: predictionResponseSchema, resilience };
  return {
    ats: new Endpoint({ name: 'ATS endpoint', url: ats, pool: poolFor(ats), ...predictions }),
    resp: new Endpoint({ name: 'RESP endpoint', url: resp, pool: poolFor(resp), ...predictions }),
    offer: new Endpoint({
      name: 'OFFER endpoint',
      url: offer,
      pool: poolFor(offer),
      schema: offerResponseSchema,
      resilience,
    }),
  };
}
