import { jest } from '@jest/globals';
import { EndpointPool } from '../../../lib/endpoints/endpoints.ts';
import { referencePath } from '../../../lib/endpoints/reference/server-protocols.ts';
import { referenceEndpoints } from '../../../lib/endpoints/reference-services.ts';
import { FIRST_DEFINITION } from '../../../lib/partners/first-definition.ts';
import { PROTOCOL_NAMES, PROTOCOLS, type ProtocolName } from '../../../lib/protocols/protocols.ts';
import type { Outcome } from '../../../lib/run/contracts.ts';
import { Scorer } from '../../../lib/stages/predict/member-scorer.ts';
import { injectFaults } from '../../../local/faults/faults.ts';
import { parseFaults } from '../../../local/faults/spec.ts';
import { addressesOf, mapCalls } from '../../default-calls.ts';
import { members } from './fault-server.ts';

jest.setTimeout(60_000);

const MEMBERS = members(60);
const ROWS = 25;

const options = { plan: parseFaults(''), seed: 1, retryAfterSeconds: 0 };
const app = referenceEndpoints();
const counts = injectFaults(app, options);
let address: string;
beforeAll(async () => {
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

interface Spoken {
  protocol: ProtocolName;
  layout: string;
}

/** What became of each member, with endpoints that are spoken to so, at paths of the protocol, and go wrong so. */
async function outcomes({ protocol, layout }: Spoken, faults = ''): Promise<Map<string, Outcome>> {
  counts.clear();
  options.plan = parseFaults(faults);
  const urls = mapCalls((call) => new URL(referencePath(call, protocol), address));
  const batch = PROTOCOLS[protocol].layouts[layout]?.isSingle ? {} : { batch: { rows: ROWS } };
  const needed = layout === 'matrix' ? { tensor: 'input__0' } : {};
  const pool = new EndpointPool({ concurrency: 4, resilience: { attempts: 12, baseDelayMs: 1, maxDelayMs: 2 } });
  const endpoints = pool.of(FIRST_DEFINITION, {
    ...addressesOf(urls),
    mannerOf: () => ({ protocol, layout, ...needed, ...batch }),
  });
  const scorer = new Scorer(endpoints, { concurrency: 4 });
  const scored = await Promise.all(MEMBERS.map((member) => scorer.score(member)));
  return new Map(scored.map(({ memberId, outcome }) => [memberId, outcome]));
}

const failedIn = (found: ReadonlyMap<string, Outcome>) =>
  [...found].filter(([, { status }]) => status === 'FAILED').map(([memberId]) => memberId);

const SPOKEN: readonly Spoken[] = PROTOCOL_NAMES.flatMap((protocol) =>
  Object.keys(PROTOCOLS[protocol].layouts).map((layout) => ({ protocol, layout })),
);
const IN_BATCHES = SPOKEN.filter(({ layout }) => layout !== 'object');

const AS_OBJECTS: Spoken = { protocol: 'json', layout: 'object' };

describe.each(IN_BATCHES)('services that are spoken to in $protocol with $layout', (spoken) => {
  it('give every member what it gets in a request of its own, in far fewer requests', async () => {
    const expected = await outcomes(AS_OBJECTS);
    expect(counts.get('ats.ok')).toBe(MEMBERS.length);
    expect(failedIn(expected)).toEqual([]);
    expect(await outcomes(spoken)).toEqual(expected);
    expect(counts.get('ats.ok')).toBeLessThan(10);
  });

  it.each(['500', '400', '422', '424', 'nan', 'infinity', 'null'])(
    'lose the member alone for whom there is always %s',
    async (fault) => {
      const found = await outcomes(spoken, `ats.${fault}:AVG_POINTS_BOUGHT=1010`);
      expect(failedIn(found)).toEqual(['M10']);
    },
  );

  it('lose nobody when requests are too large, fail now and then, or have a wrong number of answers', async () => {
    // NaN is a number that is none; the name of an offer may be any text.
    const faults = '413:rows>10,500:5%,429:5%,count:5%,no-json:2%,reset:2%,chunked:10%,bom:10%,gzip:10%';
    const found = await outcomes(spoken, `${faults},ats.nan:10%,resp.nan:10%`);
    expect(found).toEqual(await outcomes(AS_OBJECTS));
  });
});
