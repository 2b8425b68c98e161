import Pool from 'undici/lib/dispatcher/pool.js';
import { Endpoint } from './endpoint.ts';
import { Pace } from './pace.ts';
import { offerResponseSchema, predictionResponseSchema } from './requests.ts';
import type { Resilience } from './resilience.ts';

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
  /** To the three together, at the most; none, and there is no limit but `connections`. */
  requestsPerSecond?: number | undefined;
}

/** No answer of these services comes near this size. */
const LARGEST_ANSWER_BYTES = 64 * 1024;

/** Services on the same host share its connections. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { ats, resp, offer, connections, resilience = {}, requestsPerSecond } = options;
  const pace = requestsPerSecond === undefined ? undefined : new Pace(requestsPerSecond);
  const pools = new Map<string, Pool>();
  const poolFor = ({ origin }: URL): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections, maxResponseSize: LARGEST_ANSWER_BYTES });
    pools.set(origin, pool);
    return pool;
  };
  const shared = { resilience, pace };
  const predictions = { schema: predictionResponseSchema, ...shared };
  const offers = { schema: offerResponseSchema, ...shared };
  return {
    ats: new Endpoint({ name: 'ATS endpoint', url: ats, pool: poolFor(ats), ...predictions }),
    resp: new Endpoint({ name: 'RESP endpoint', url: resp, pool: poolFor(resp), ...predictions }),
    offer: new Endpoint({ name: 'OFFER endpoint', url: offer, pool: poolFor(offer), ...offers }),
  };
}
