import autocannon from 'autocannon';
import { offerRow } from '../../lib/endpoints/requests.ts';
import { FIRST_DEFINITION } from '../../lib/partners/first-definition.ts';
import { FIRST_FEATURES } from '../../lib/run/contract-version.ts';
import type { Stack } from '../../local/stack.ts';
import { SERVICE } from './measured-service.ts';

/** Members in progress at the same time in one invocation of predict. */
export const CONCURRENCY = SERVICE.number('predict', 'CONCURRENCY');

/** The number of connections that predict opens to the endpoints. */
export const CONNECTIONS = Object.keys(FIRST_DEFINITION.models).length * CONCURRENCY;

const SECONDS = 4;

const OFFER_SEND = FIRST_DEFINITION.offer?.send ?? {};

/** Features as long, written out, as a member's are. */
const FEATURES = JSON.stringify(Object.fromEntries(FIRST_FEATURES.map((name, index) => [name, 1000 / (3 + index)])));

/**
 * Requests per second that autocannon, a load generator, gets out of the endpoints: as many to each, with bodies
 * like a member's.
 */
export async function endpointRate(endpoints: Stack['endpoints']): Promise<number> {
  const post = (address: string, body: string) => ({
    method: 'POST' as const,
    path: new URL(address).pathname,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  const { requests, non2xx, errors } = await autocannon({
    url: new URL(endpoints.offer).origin,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      post(endpoints.ats, FEATURES),
      post(endpoints.resp, FEATURES),
      post(endpoints.offer, JSON.stringify(offerRow({ ats: 1234.5678, resp: 0.456789 }, OFFER_SEND))),
    ],
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} of autocannon's requests failed`);
  return requests.average;
}
