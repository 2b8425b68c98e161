import { readExpected } from '../../functions/expectations.ts';
import { readResilience } from '../../functions/resilience.ts';
import { CALL_DEFINITION, type Call, mapCalls, PREDICTIONS } from '../../lib/calls.ts';
import { shownAddress } from '../../lib/endpoints/address.ts';
import { Credentials } from '../../lib/endpoints/credentials.ts';
import { createEndpoints } from '../../lib/endpoints/endpoints.ts';
import { referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import type { Resilience } from '../../lib/endpoints/resilience.ts';
import type { Expected } from '../../lib/report/figures/expectations.ts';
import type { Member, ScoredMember } from '../../lib/run/contracts.ts';
import { Scorer } from '../../lib/stages/predict/member-scorer.ts';
import { takeHeaders } from '../../local/endpoints/secrets.ts';
import { ownAddresses } from '../../local/endpoints/stack-endpoints.ts';
import { serveGuarded } from '../../local/process/guard.ts';
import { fromEnvironment } from '../shared/command.ts';

/** A member after its calls, and who was called. */
export interface Asked {
  member: ScoredMember;
  urls: Record<Call, string>;
  /** Whether these are the reference endpoints. */
  reference: boolean;
}

/** The customer's own endpoints. */
export interface OwnEndpoints {
  addresses: Record<Call, string>;
  /** What `parseHeaders` reads; undefined when they want none. */
  headers: string | undefined;
}

/** How members are scored here: as in a run. */
export interface ScoringSettings {
  /** The customer's endpoints; undefined for the reference endpoints, which run for as long as it takes. */
  own: OwnEndpoints | undefined;
  resilience: Resilience;
  /** Of the predictions. */
  expected: Expected;
}

/** How the environment has members scored. @throws CommandError when what it says cannot be used */
export function readScoring(): ScoringSettings {
  return fromEnvironment(() => {
    const [addresses, headers] = [ownAddresses(process.env), takeHeaders(process.env)];
    const own = addresses === undefined ? undefined : { addresses, headers };
    return { own, resilience: readResilience(), expected: readExpected() };
  });
}

/** Scores one member now. */
export async function askEndpoints({ own, resilience }: ScoringSettings, member: Member): Promise<Asked> {
  if (own !== undefined) return { ...(await ask(own, resilience, member)), reference: false };
  const app = referenceEndpoints();
  const address = await serveGuarded(app, 0);
  try {
    const urls = mapCalls((call) => `${address}${CALL_DEFINITION[call].path}`);
    return { ...(await ask({ addresses: urls, headers: undefined }, resilience, member)), reference: true };
  } finally {
    await app.close();
  }
}

async function ask({ addresses, headers }: OwnEndpoints, resilience: Resilience, member: Member) {
  const urls = mapCalls((call) => new URL(addresses[call]));
  const endpoints = createEndpoints({
    ...urls,
    // The models are called side by side.
    connections: PREDICTIONS.length,
    credentials:
      headers === undefined ? undefined : new Credentials({ read: async () => headers, kept: 'ENDPOINT_HEADERS' }),
    resilience,
  });
  await endpoints.prepare();
  return { member: await new Scorer(endpoints).score(member), urls: mapCalls((call) => shownAddress(urls[call])) };
}
