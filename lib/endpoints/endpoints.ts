import Pool from 'undici/lib/dispatcher/pool.js';
import { CALL_DEFINITION, type Call, mapPredictions, type Prediction } from '../calls.ts';
import { type Credentials, NO_CREDENTIALS } from './credentials.ts';
import { Endpoint } from './endpoint.ts';
import { MAX_ANSWER_BYTES } from './exchange.ts';
import { RateLimiter } from './rate-limiter.ts';
import { OFFER, PREDICTION } from './requests.ts';
import type { Resilience } from './resilience.ts';

/** The services that score a member. */
export interface Endpoints extends Record<Prediction, Endpoint<{ prediction: number }>> {
  offer: Endpoint<{ offer: string }>;
  /** To be called before new work, see `Credentials.prepare`. */
  prepare(): Promise<void>;
}

/** Each call's address, and what they have in common. */
export interface EndpointsOptions extends Readonly<Record<Call, URL>> {
  /** Connections per host at the most, which bounds the load on it. */
  connections: number;
  /** Undefined when the endpoints want none. */
  credentials?: Credentials | undefined;
  resilience?: Partial<Resilience>;
  /** The limit for all endpoints together. Without it, only `connections` limits them. */
  requestsPerSecond?: number | undefined;
}

/** Services on the same host share its connections. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { connections, credentials, resilience = {}, requestsPerSecond } = options;
  const rateLimiter = requestsPerSecond === undefined ? undefined : new RateLimiter(requestsPerSecond);
  const pools = new Map<string, Pool>();
  const poolFor = ({ origin }: URL): Pool => {
    const pool = pools.get(origin) ?? new Pool(origin, { connections, maxResponseSize: MAX_ANSWER_BYTES });
    pools.set(origin, pool);
    return pool;
  };
  const optionsOf = (call: Call) => ({
    name: `${CALL_DEFINITION[call].label} endpoint`,
    url: options[call],
    pool: poolFor(options[call]),
    credentials: credentials?.for(call) ?? NO_CREDENTIALS,
    resilience,
    rateLimiter,
  });
  const offers = optionsOf('offer');
  // The offer is the only text of an answer that is stored.
  const redacted = OFFER.schema.transform((answer) => ({ offer: offers.credentials.redact(answer.offer) }));
  return {
    ...mapPredictions((prediction) => new Endpoint({ ...optionsOf(prediction), contract: PREDICTION })),
    offer: new Endpoint({ ...offers, contract: { ...OFFER, schema: redacted } }),
    prepare: async () => credentials?.prepare(),
  };
}
