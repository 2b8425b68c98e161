import { readExpected } from '../../functions/expectations.ts';
import { readResilience } from '../../functions/resilience.ts';
import { inWords } from '../../lib/calls.ts';
import { Credentials, type HeaderSource, NO_CREDENTIALS } from '../../lib/endpoints/credentials.ts';
import { type DeployedCalls, deployedCalls } from '../../lib/endpoints/deployed-calls.ts';
import { endpointIdOf, endpointIdsOf } from '../../lib/endpoints/endpoint-ids.ts';
import { EndpointPool, type Endpoints } from '../../lib/endpoints/endpoints.ts';
import { sageMakerSigner } from '../../lib/endpoints/lazy-signer.ts';
import type { Resilience } from '../../lib/endpoints/resilience.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import { variablesOf } from '../../lib/partners/model-checks.ts';
import { partnersIn } from '../../lib/partners/partner-folder.ts';
import type { Partners } from '../../lib/partners/partners.ts';
import type { ExpectedSettings } from '../../lib/report/figures/expectations.ts';
import type { Member, ScoredMember } from '../../lib/run/contracts.ts';
import { Scorer } from '../../lib/stages/predict/member-scorer.ts';
import { exampleAddresses } from '../../local/endpoints/example-calls.ts';
import { localEndpoints } from '../../local/endpoints/example-services.ts';
import { takeHeaders } from '../../local/endpoints/secrets.ts';
import { isServedHere, referenceAddresses } from '../../local/endpoints/stack-endpoints.ts';
import { serveGuarded } from '../../local/process/guard.ts';
import { endpointVariables } from '../../local/stack.ts';
import { CommandError, fromEnvironment } from './command.ts';
import { PROJECT } from './project-partners.ts';

/** Members after their calls, and who was called. */
export interface Asked {
  /** In the order in which they were to be scored. */
  members: readonly ScoredMember[];
  /** By call, without what may be secret. */
  urls: Readonly<Record<string, string>>;
  /** Whether these are the reference endpoints. */
  reference: boolean;
}

/** Whose endpoints are called. */
interface CalledPartner {
  name: string;
  definition: Definition;
}

/** How members are scored here: as in a run. */
export interface ScoringSettings {
  partners: Partners;
  partner: CalledPartner;
  /** Whether the reference endpoints stand in for the partner's, and run for as long as it takes. */
  reference: boolean;
  /** What `parseHeaders` reads; undefined when the endpoints want none. */
  headers: string | undefined;
  resilience: Resilience;
  /** Of the predictions. */
  expected: ExpectedSettings;
}

/** How the environment has members scored. @throws CommandError when what it says cannot be used */
export function readScoring(partner: CalledPartner): ScoringSettings {
  return fromEnvironment(() => {
    const partners = partnersIn(PROJECT);
    const named = variablesOf(partner.definition);
    const reference = named.length > 0 && named.every((variable) => isServedHere(variable, process.env));
    const missing = reference ? [] : named.filter((variable) => !process.env[variable]);
    if (missing.length > 0) {
      throw new CommandError(
        `${inWords(missing)} ${missing.length > 1 ? 'are' : 'is'} not set: the partner file of ${partner.name} says that addresses are there`,
      );
    }
    const headers = takeHeaders(process.env, endpointIdsOf(partners));
    return { partners, partner, reference, headers, resilience: readResilience(), expected: readExpected() };
  });
}

/** The endpoints of a partner, for as long as they can be called. */
export interface CallablePartner {
  /** Whether these are the reference endpoints. */
  reference: boolean;
  calls: DeployedCalls;
  /** What the endpoint of a call is sent, and what nobody is to see of it. */
  headersOf(call: string): HeaderSource;
  /** With circuits and limits of their own. @param calls those of the partner, or others at the same addresses */
  endpointsOf(calls: DeployedCalls): Endpoints;
}

/** Scores members now, one after the other. */
export async function askEndpoints(settings: ScoringSettings, members: readonly Member[]): Promise<Asked> {
  return withEndpoints(settings, (partner) => askPartner(partner, members));
}

/** Does work with a partner's endpoints. Where the reference endpoints stand in for them, these end with the work. */
export async function withEndpoints<T>(
  settings: ScoringSettings,
  work: (partner: CallablePartner) => Promise<T>,
): Promise<T> {
  if (!settings.reference) return work(await callable(settings, process.env));
  const app = localEndpoints();
  const address = await serveGuarded(app, 0);
  try {
    // Nobody's own headers are for them.
    const own = { ...settings, headers: undefined };
    return await work(
      await callable(own, { ...endpointVariables(referenceAddresses(address)), ...exampleAddresses(address) }),
    );
  } finally {
    await app.close();
  }
}

/** Scores members by a partner's endpoints, one after the other. */
export async function askPartner(
  { endpointsOf, calls, reference }: CallablePartner,
  members: readonly Member[],
): Promise<Asked> {
  const endpoints = endpointsOf(calls);
  const urls = Object.fromEntries([...endpoints.byCall].map(([call, { address }]) => [call, address]));
  const scorer = new Scorer(endpoints);
  const scored: ScoredMember[] = [];
  for (const member of members) scored.push(await scorer.score(member));
  return { members: scored, urls, reference };
}

async function callable(
  { partners, partner, reference, headers, resilience }: ScoringSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CallablePartner> {
  const credentials =
    headers === undefined
      ? undefined
      : new Credentials({
          read: async () => headers,
          kept: 'ENDPOINT_HEADERS',
          endpoints: () => endpointIdsOf(partners),
        });
  await credentials?.prepare();
  const signer = sageMakerSigner(environment);
  const calls = deployedCalls(partners, environment, partner.name);
  return {
    reference,
    calls,
    headersOf: (call) => credentials?.for(endpointIdOf(calls.owner, call)) ?? NO_CREDENTIALS,
    endpointsOf: (own) =>
      new EndpointPool({ concurrency: 1, credentials, resilience, signer }).of(partner.definition, own),
  };
}
