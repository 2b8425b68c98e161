import type { FastifyInstance } from 'fastify';
import { deployedCalls } from '../../../lib/endpoints/deployed-calls.ts';
import { EndpointPool } from '../../../lib/endpoints/endpoints.ts';
import { referencePath } from '../../../lib/endpoints/reference/server-protocols.ts';
import { REFERENCE, REFERENCE_CALLS, type ReferenceCall } from '../../../lib/endpoints/reference-calls.ts';
import { referenceEndpoints } from '../../../lib/endpoints/reference-services.ts';
import type { Resilience } from '../../../lib/endpoints/resilience.ts';
import type { CallManner, Definition } from '../../../lib/partners/definition.ts';
import type { EndpointSource } from '../../../lib/stages/predict/score-batch.ts';
import { askedOf } from '../../../local/faults/asked.ts';
import { injectFaults } from '../../../local/faults/faults.ts';
import { parseFaults } from '../../../local/faults/spec.ts';
import { partnersOf } from '../../builders/partners.ts';
import { DEFAULT } from '../../default-partner.ts';

/** What is asked of a reference service in one request. */
export interface AskedRows {
  call: ReferenceCall;
  rows: readonly unknown[];
}

const QUICK: Partial<Resilience> = { attempts: 4, baseDelayMs: 1, maxDelayMs: 1, probeAfterMs: 1 };

/** The calls of default.yml, each spoken to in its own way. */
export function speaking(manner: CallManner, ofCall: Partial<Record<ReferenceCall, CallManner>> = {}): Definition {
  const models = Object.entries(DEFAULT.models).map(([name, model]) => {
    const own = name === 'ats' || name === 'resp' ? ofCall[name] : undefined;
    return [name, { ...model, ...(own ?? manner) }] as const;
  });
  const offer = DEFAULT.offer && { ...DEFAULT.offer, ...(ofCall.offer ?? manner) };
  return { ...DEFAULT, models: Object.fromEntries(models), offer };
}

/** The reference services over HTTP, with faults, until they are closed. @param spec see `parseFaults` */
export async function serveRows(spec = '') {
  const app: FastifyInstance = referenceEndpoints();
  const asked: AskedRows[] = [];
  let onAsked: (asked: AskedRows) => void = () => undefined;
  app.addHook('preHandler', async (request) => {
    const one = askedOf(request);
    if (one === undefined) return;
    asked.push({ call: one.call, rows: one.rows });
    onAsked(one);
  });
  injectFaults(app, { plan: parseFaults(spec), seed: 1, retryAfterSeconds: 0 });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    /** Each request, in the order in which they came. */
    asked,
    /** Rows of each request for a call. */
    sizes: (call: ReferenceCall) => asked.filter((one) => one.call === call).map(({ rows }) => rows.length),
    watch: (listener: (asked: AskedRows) => void) => {
      onAsked = listener;
    },
    /** As predict has them, deployed with the partner's file. */
    source: (definition: Definition, resilience: Partial<Resilience> = {}): EndpointSource => {
      const pool = new EndpointPool({ concurrency: 4, resilience: { ...QUICK, ...resilience } });
      const { models, offer } = definition;
      const manners: Record<string, CallManner | undefined> = { ...models, offer };
      const environment = Object.fromEntries(
        REFERENCE_CALLS.map((call) => {
          const path = referencePath(call, manners[call]?.protocol);
          return [REFERENCE[call].urlVariable, `${address}${path}`];
        }),
      );
      const partners = partnersOf({ default: definition });
      return {
        prepare: () => pool.prepare(),
        of: (calls, partner) => pool.of(calls, deployedCalls(partners, environment, partner)),
      };
    },
    close: () => app.close(),
  };
}
