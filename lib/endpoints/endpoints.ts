import pLimit from 'p-limit';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Features } from '../members/features.ts';
import type { CallLimits, CallManner, CallsDefinition, OfferDefinition } from '../partners/definition.ts';
import { labelOf, OFFER, OFFER_LABEL } from '../partners/labels.ts';
import { type Row, type Take, USUAL_BYTES } from '../protocols/protocol.ts';
import { isSigned, layoutOf, protocolOf } from '../protocols/protocols.ts';
import { type Callable, NoEndpoint, type RequestLimits } from './callable.ts';
import { type Credentials, type HeaderSource, NO_CREDENTIALS } from './credentials.ts';
import { type DeployedCalls, NoAddressError } from './deployed-calls.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { endpointIdOf } from './endpoint-ids.ts';
import { RateLimiter } from './rate-limiter.ts';
import { offerContract, offerRows, predictionContract, predictionRows, type RowContract } from './requests.ts';
import type { Resilience } from './resilience.ts';
import type { Signer } from './signer.ts';

/** One of a run's models. */
export interface ModelEndpoint {
  /** Of the model. */
  name: string;
  endpoint: Callable<number>;
  /** What it is sent of a member. */
  rowOf(features: Features): Row;
}

/** A run's offer service. */
export interface OfferEndpoint {
  endpoint: Callable<string>;
  /** What it is sent of a member's predictions. */
  rowOf(predictions: Readonly<Record<string, number | undefined>>): Row;
}

/** The services that score a run's members. */
export interface Endpoints {
  models: readonly ModelEndpoint[];
  /** Undefined for a run that ends with predictions. */
  offer: OfferEndpoint | undefined;
  /** All of them, by the names of their calls. */
  byCall: ReadonlyMap<string, Callable<unknown>>;
}

/** What all endpoints have in common. */
export interface EndpointsOptions {
  /** Members at a time: connections per host are so many for each model, which bounds the load on it. */
  concurrency: number;
  /** Undefined when the endpoints want none. */
  credentials?: Credentials | undefined;
  resilience?: Partial<Resilience>;
  /** The limit for all endpoints together that have none of their own. Without it, only connections limit them. */
  requestsPerSecond?: number | undefined;
  /** Signs requests to endpoints that want it; without it, none are signed. */
  signer?: Signer | undefined;
  /** The connections to an address, instead of those of its host. */
  poolOf?: (url: URL) => Pool;
}

type EndpointLimits = Pick<EndpointOptions<unknown>, 'resilience' | 'rateLimiter' | 'concurrency'>;

interface Place<T> {
  partner: DeployedCalls;
  call: string;
  label: string;
  connections: number;
  contract: (headers: HeaderSource) => RowContract<T>;
  /** Where in a row's answer its value is. */
  take: Take | undefined;
}

/**
 * The endpoints of all partners, each made when it is first needed. Each partner has circuits and connections of its own,
 * which a run finds as the one before it has left them: no partner waits for another's endpoint that is down. A partner's
 * services on the same host share its connections.
 */
export class EndpointPool {
  readonly #options: EndpointsOptions;
  readonly #rateLimiter: RateLimiter | undefined;
  readonly #pools = new Map<string, Pool>();
  readonly #models = new Map<string, Endpoint<number>>();
  readonly #offers = new Map<string, Endpoint<string>>();
  /** By the endpoint's id. */
  readonly #limits = new Map<string, EndpointLimits>();

  constructor(options: EndpointsOptions) {
    this.#options = options;
    const { requestsPerSecond } = options;
    this.#rateLimiter = requestsPerSecond === undefined ? undefined : new RateLimiter(requestsPerSecond);
  }

  /** To be called before new work, see `Credentials.prepare`. */
  async prepare(): Promise<void> {
    await this.#options.credentials?.prepare();
  }

  /** What a run calls, where its partner's calls answer now. */
  of(definition: CallsDefinition, partner: DeployedCalls): Endpoints {
    const entries = Object.entries(definition.models);
    // The models are called side by side.
    const connections = entries.length * this.#options.concurrency;
    const models = entries.map(([name, model]) => {
      const { send, take } = model;
      const label = labelOf(name, model);
      const place = { partner, call: name, label, connections, take, contract: () => predictionContract(take) };
      const endpoint = this.#endpoint(this.#models, place);
      return { name, endpoint, rowOf: predictionRows(send) };
    });
    const offer = definition.offer && this.#offer(definition.offer, { partner, connections });
    const byCall = new Map<string, Callable<unknown>>(models.map(({ name, endpoint }) => [name, endpoint]));
    if (offer !== undefined) byCall.set(OFFER, offer.endpoint);
    return { models, offer, byCall };
  }

  #offer({ send, take }: OfferDefinition, common: Pick<Place<string>, 'partner' | 'connections'>): OfferEndpoint {
    const endpoint = this.#endpoint(this.#offers, {
      ...common,
      call: OFFER,
      label: OFFER_LABEL,
      take,
      contract: ({ redact }) => offerContract(take, redact),
    });
    return { endpoint, rowOf: offerRows(send) };
  }

  #endpoint<T>(known: Map<string, Endpoint<T>>, { partner, call, label, connections, contract, take }: Place<T>) {
    const id = endpointIdOf(partner.owner, call);
    try {
      const url = partner.addressOf(call);
      const manner = { ...partner.mannerOf(call), take };
      // A run may have begun when its partner's file said something else.
      const key = JSON.stringify([id, url.href, label, manner, connections]);
      const headers = this.#options.credentials?.for(id) ?? NO_CREDENTIALS;
      const endpoint =
        known.get(key) ??
        new Endpoint<T>({
          id,
          label,
          url,
          pool: this.#poolFor(partner.owner, url, connections),
          protocol: protocolOf(manner),
          contract: contract(headers),
          limits: requestLimitsOf(manner),
          credentials: headers,
          signer: isSigned(manner) ? this.#options.signer : undefined,
          ...this.#limitsOf(id, partner.limitsOf(call)),
        });
      known.set(key, endpoint);
      return endpoint;
    } catch (error) {
      if (!(error instanceof NoAddressError)) throw error;
      return new NoEndpoint(id, label, error.message);
    }
  }

  /** Runs that have begun with different definitions keep to one limit together. */
  #limitsOf(id: string, own: CallLimits): EndpointLimits {
    const { concurrency, requestsPerSecond, timeoutMs, attempts } = own;
    const limits = this.#limits.get(id) ?? {
      resilience: {
        ...this.#options.resilience,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(attempts !== undefined && { attempts }),
      },
      rateLimiter: requestsPerSecond === undefined ? this.#rateLimiter : new RateLimiter(requestsPerSecond),
      concurrency: concurrency === undefined ? undefined : pLimit(concurrency),
    };
    this.#limits.set(id, limits);
    return limits;
  }

  #poolFor(owner: string, url: URL, connections: number): Pool {
    const { origin } = url;
    if (this.#options.poolOf !== undefined) return this.#options.poolOf(url);
    const key = JSON.stringify([owner, origin, connections]);
    const pool = this.#pools.get(key) ?? new Pool(origin, { connections });
    this.#pools.set(key, pool);
    return pool;
  }
}

function requestLimitsOf({ batch = {}, ...manner }: CallManner): RequestLimits {
  const { rows = layoutOf(manner).rows, bytes = USUAL_BYTES } = batch;
  return { rows, bytes };
}
