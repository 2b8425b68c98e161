import autocannon from 'autocannon';
import { offerRows } from '../../lib/endpoints/requests.ts';
import { FIRST_DEFINITION } from '../../lib/partners/first-definition.ts';
import { partnersIn } from '../../lib/partners/partner-folder.ts';
import type { Row } from '../../lib/protocols/protocol.ts';
import { protocolOf } from '../../lib/protocols/protocols.ts';
import { FIRST_FEATURES } from '../../lib/run/contract-version.ts';
import type { Stack } from '../../local/stack.ts';
import { PROJECT } from '../shared/project-partners.ts';
import { SERVICE } from './measured-service.ts';

/** Members in progress at the same time in one invocation of predict. */
export const CONCURRENCY = SERVICE.number('predict', 'CONCURRENCY');

/** The number of connections that predict opens to the endpoints. */
export const CONNECTIONS = Object.keys(FIRST_DEFINITION.models).length * CONCURRENCY;

const SECONDS = 4;

/** The example partner whose services are asked for several members at a time, and for how many. */
export const BATCHED = 'batches';
export const BATCHED_ROWS = partnersIn(PROJECT).read(BATCHED).definition.models.ats?.batch?.rows ?? Number.NaN;

const OFFER_SEND = FIRST_DEFINITION.offer?.send ?? {};

/** Features as long, written out, as a member's are. */
const FEATURES = Object.fromEntries(FIRST_FEATURES.map((name, index) => [name, 1000 / (3 + index)]));

const PREDICTIONS = offerRows(OFFER_SEND)({ ats: 1234.5678, resp: 0.456789 });

/**
 * Requests per second that autocannon, a load generator, gets out of the endpoints: as many to each, with bodies
 * like a member's, or like those of `rows` members in one request.
 */
export async function endpointRate(endpoints: Stack['endpoints'], rows?: number): Promise<number> {
  const protocol = protocolOf({ protocol: rows === undefined ? 'json' : 'instances' });
  const bodyOf = (row: Row) => protocol.encode(Array.from({ length: rows ?? 1 }, () => row));
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
      post(endpoints.ats, bodyOf(FEATURES)),
      post(endpoints.resp, bodyOf(FEATURES)),
      post(endpoints.offer, bodyOf(PREDICTIONS)),
    ],
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} of autocannon's requests failed`);
  return requests.average;
}
