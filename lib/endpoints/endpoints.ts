import Pool from 'undici/lib/dispatcher/pool.js';
import type { Call } from '../calls.ts';
import { type Credentials, NO_CREDENTIALS } from './credentials.ts';
import { Endpoint } from './endpoint.ts';
import { LARGEST_ANSWER_BYTES } from './exchange.ts';
import { Pace } from './pace.ts';
import { OFFER, PREDICTION } from './requests.ts';
import type { Resilience } from './resilience.ts';

/** The three services that score a member. */
export interface Endpoints {
  ats: Endpoint<{ prediction: number }>;
  resp: Endpoint<{ prediction: number }>;
  offer: Endpoint<{ offer: string }>;
  /** To be called before new work, see `Credentials.prepare`. */
  prepare(): Promise<void>;
}

export interface EndpointsOptions {
  ats: URL;
  resp: URL;
  offer: URL;
  /** Connections per host at the most, which bounds the load on it. */
  connections: number;
  /** None, and the endpoints want none. */
  credentials?: Credentials | undefined;
  resilience?: Partial<Resilience>;
  /** To the three together, at the most; none, and there is no limit but `connections`. */
  requestsPerSecond?: number | undefined;
}

/** Services on the same host share its connections. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { ats, resp, offer, connections, credentials, resilience = {}, requestsPerSecond } = options;
  const pace = requestsPerSecond === undefined ? undefined : new Pace(requestsPerSecond);
  const pools = new Map<string, Pool>();
  const poolFor = ({ origin }: URL): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections, maxResponseSize: LARGEST_ANSWER_BYTES });
    pools.set(origin, pool);
    return pool;
  };
  const optionsOf = (call: Call, url: URL) => ({
    name: `${call.toUpperCase()} endpoint`,
    url,
    pool: poolFor(url),
    credentials: credentials?.for(call) ?? NO_CREDENTIALS,
    resilience,
    pace,
  });
  const offers = optionsOf('offer', offer);
  // The one text of an answer that is kept.
  const redacted = OFFER.schema.transform((answer) => ({ offer: offers.credentials.redact(answer.offer) }));
  return {
    ats: new Endpoint({ ...optionsOf('ats', ats), contract: PREDICTION }),
    resp: new Endpoint({ ...optionsOf('resp', resp), contract: PREDICTION }),
    offer: new Endpoint({ ...offers, contract: { ...OFFER, schema: redacted } }),
    prepare: async () => credentials?.prepare(),
  };
}
