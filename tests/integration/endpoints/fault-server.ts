import type { EndpointsOptions } from '../../../lib/endpoints/endpoints.ts';
import { referenceEndpoints } from '../../../lib/endpoints/reference-services.ts';
import type { Member } from '../../../lib/run/contracts.ts';
import { type FaultOptions, injectFaults } from '../../../local/faults/faults.ts';
import { parseFaults } from '../../../local/faults/spec.ts';
import { member as aMember } from '../../builders/members.ts';
import { CALL_DEFINITION, endpointsAt, mapCalls } from '../../default-calls.ts';

/** The reference endpoints under fire, over HTTP, until they are closed. */
export async function serveFaults(spec: string, options: Partial<FaultOptions> = {}) {
  const app = referenceEndpoints();
  const counts = injectFaults(app, { plan: parseFaults(spec), seed: 1, retryAfterSeconds: 0, ...options });
  const requests: string[] = [];
  app.addHook('onRequest', async ({ url }) => {
    requests.push(url);
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const endpoints = (resilience: EndpointsOptions['resilience'], concurrency = 8, requestsPerSecond?: number) =>
    endpointsAt(
      mapCalls((call) => new URL(CALL_DEFINITION[call].path, address)),
      {
        concurrency,
        requestsPerSecond,
        resilience: { timeoutMs: 5_000, baseDelayMs: 1, maxDelayMs: 2, ...resilience },
      },
    );
  return { counts, requests, endpoints, close: () => app.close() };
}

export type FaultServer = Awaited<ReturnType<typeof serveFaults>>;

/** A member that is like no other. */
export function member(number: number): Member {
  return aMember(`M${number}`, {
    AVG_POINTS_BOUGHT: 1_000 + number,
    AVG_REVENUE_USD: 10,
    LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: 2_000 + number,
    LAST_3_TRANSACTIONS_AVG_REVENUE_USD: 20,
    PCT_GIFT_TRANSACTIONS: 0,
    PCT_REDEEM_TRANSACTIONS: 0,
    DAYS_SINCE_LAST_TRANSACTION: 9,
  });
}

export function members(count: number): Member[] {
  return Array.from({ length: count }, (_, index) => member(index + 1));
}
