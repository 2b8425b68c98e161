import { DEFAULT_RESILIENCE } from '../../../lib/endpoints/resilience.ts';
import type { CallManner, Definition, ModelDefinition } from '../../../lib/partners/definition.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import { localEndpoints } from '../../../local/endpoints/example-services.ts';
import { referenceAddresses } from '../../../local/endpoints/stack-endpoints.ts';
import { injectFaults } from '../../../local/faults/faults.ts';
import { parseFaults } from '../../../local/faults/spec.ts';
import { serveGuarded } from '../../../local/process/guard.ts';
import { checkCalls } from '../../../scripts/partner/calls.ts';
import { tryFile } from '../../../scripts/partner/trial.ts';
import type { ScoringSettings } from '../../../scripts/shared/scoring.ts';
import { DEFAULT } from '../../default-partner.ts';
import { json, type ScriptedServer, startScriptedServer } from '../../unit/endpoints/scripted-server.ts';

const KEY = 'key-0123456789';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

type Manner = CallManner & Pick<ModelDefinition, 'send' | 'take'>;

/** Of a partner whose file says so of each of its calls, at these addresses. */
function definitionAt(
  urls: Record<'ats' | 'resp' | 'offer', string>,
  manner: CallManner,
  ats: Manner = {},
): Definition {
  const { models, offer } = DEFAULT;
  return definitionSchema.parse({
    ...DEFAULT,
    models: {
      ats: { ...models.ats, ...manner, ...ats, url: urls.ats },
      resp: { ...models.resp, ...manner, url: urls.resp },
    },
    offer: { ...offer, ...manner, url: urls.offer },
  });
}

/** What the command prints of the calls, in requests that take a millisecond each. */
async function check(definition: Definition) {
  const partners = { names: ['acme'], read: () => ({ file: 'acme.yml', digest: '', definition }) };
  const settings: ScoringSettings = {
    partners,
    partner: { name: 'acme', definition },
    reference: false,
    headers: JSON.stringify({ partners: { acme: { ats: { 'x-api-key': KEY } } } }),
    resilience: { ...DEFAULT_RESILIENCE, attempts: 1 },
    expected: {},
  };
  const trial = await tryFile('events/sample.csv', definition, '2024-01-31');
  let time = 0;
  const parts: string[] = [];
  const clock = () => {
    time += 1;
    return time;
  };
  const isWell = await checkCalls({ settings, trial, print: (part) => parts.push(part), columns: 120, clock });
  const [told = '', answers = '', title = '', batches = ''] = parts;
  return { isWell, told, answers, title, batches };
}

async function reference(protocol: 'open-inference' | 'instances' | 'mlflow', faults = '') {
  const app = localEndpoints();
  const asked: { method: string; url: string; key: unknown }[] = [];
  app.addHook('onRequest', async ({ method, url, headers }) => {
    asked.push({ method, url, key: headers['x-api-key'] });
  });
  injectFaults(app, { plan: parseFaults(faults), seed: 1 });
  closers.push(() => app.close());
  return { urls: referenceAddresses(await serveGuarded(app, 0), protocol), asked };
}

describe('a partner’s servers, called', () => {
  it('are asked what they are with the headers of each, then for members, then for many members', async () => {
    const { urls, asked } = await reference('open-inference');
    const { isWell, told, answers, batches } = await check(definitionAt(urls, { protocol: 'open-inference' }));
    expect(told.split('\n').slice(0, 2)).toEqual([
      'what the servers tell of themselves:',
      '  ATS    ready, model ats, version 1, member-offers_reference; 8 inputs and 1 output, as the partner file has them',
    ]);
    expect(asked.filter(({ method }) => method === 'GET')).toEqual([
      { method: 'GET', url: '/v2/health/ready', key: KEY },
      { method: 'GET', url: '/v2/models/ats', key: KEY },
      { method: 'GET', url: '/v2/health/ready', key: undefined },
      { method: 'GET', url: '/v2/models/resp', key: undefined },
      { method: 'GET', url: '/v2/health/ready', key: undefined },
      { method: 'GET', url: '/v2/models/offer', key: undefined },
    ]);
    // The first member of the sample, as the README explains it.
    expect(answers).toMatch(/^ {2}ATS +1196\.67 /m);
    expect(batches.match(/→ .*/g)).toEqual([
      '→ models.ats: batch: { rows: 1000 }, instead of 200',
      '→ models.resp: batch: { rows: 1000 }, instead of 200',
      '→ offer: batch: { rows: 1000 }, instead of 200',
    ]);
    expect(batches.match(/answers are the same alone and among others \(10 rows compared\)/g)).toHaveLength(3);
    expect(isWell).toBe(true);
  });

  it('tell what the partner’s file has to say instead', async () => {
    const { urls } = await reference('open-inference');
    const ats = { datatype: 'FP32' as const, send: ['AVG_POINTS_BOUGHT'], take: 'score' };
    const { isWell, told, batches } = await check(definitionAt(urls, { protocol: 'open-inference' }, ats));
    expect(told).toContain(
      '    - it has the input AVG_REVENUE_USD, which is not sent → models.ats: send: { AVG_REVENUE_USD:',
    );
    expect(told).toContain('    - its inputs have FP64, and FP32 is sent → models.ats: datatype: FP64\n');
    expect(told).toContain('    - it has no output score, which take names → models.ats: take: prediction\n');
    expect(batches).toMatch(/^ {2}ATS {4}not measured: no member was answered$/m);
    expect(isWell).toBe(false);
  });

  it('are advised fewer rows than they refuse', async () => {
    const { urls } = await reference('instances', 'ats.413:rows>50');
    const { isWell, told, batches } = await check(definitionAt(urls, { protocol: 'instances' }));
    expect(told).toContain('  ATS    version 1 AVAILABLE; 8 inputs and 1 output, as the partner file has them\n');
    const [ats = ''] = batches.split('\n\n');
    expect(ats).toContain('\n    100 rows: answered 413: {"error":"the request is too large"}\n');
    expect(ats).toContain('\n    → models.ats: batch: { rows: 50 }, instead of 200\n');
    expect(isWell).toBe(true);
  });

  it('are asked for more, where they refuse one of the members', async () => {
    const { urls } = await reference('mlflow', 'ats.422:PCT_BUY_TRANSACTIONS=0');
    const { isWell, told, batches } = await check(definitionAt(urls, { protocol: 'mlflow' }));
    expect(told).toMatch(/^ {2}ATS {4}ready, MLflow \d/m);
    const [ats = ''] = batches.split('\n\n');
    expect(ats).toContain('\n    one member was refused whatever it was sent with, and left out: answered 422');
    expect(ats).toContain('batch: { rows: 1000 }');
    expect(isWell).toBe(false);
  });

  it('are found to answer a row otherwise among others', async () => {
    // As a model that divides by the sum over its batch.
    const server: ScriptedServer = await startScriptedServer((response, request) => {
      const rows: unknown[] = request.body === '' ? [] : JSON.parse(request.body).instances;
      json({ predictions: rows.map(() => 1 / rows.length) })(response, request);
    });
    closers.push(server.close);
    const url = server.url('/score').href;
    const definition = definitionAt({ ats: url, resp: url, offer: url }, { protocol: 'instances' });
    const { isWell, told, batches } = await check(definitionSchema.parse({ ...definition, offer: undefined }));
    expect(told).toBe('the servers tell nothing of themselves');
    expect(batches.replace(/\s+/g, ' ')).toContain(
      'WRONG: a row has another answer among others, so that batches change predictions: 1 alone, 0.5 among 2;',
    );
    expect(batches.match(/→ .*/g)?.map((line) => line.slice(0, 37))).toEqual([
      '→ models.ats: batch: { rows: 1 }, for',
      '→ models.resp: batch: { rows: 1 }, fo',
    ]);
    expect(isWell).toBe(false);
  });
});
