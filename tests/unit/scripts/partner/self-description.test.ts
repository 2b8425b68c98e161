import type { HeaderSource } from '../../../../lib/endpoints/credentials.ts';
import { Redactor } from '../../../../lib/endpoints/redactor.ts';
import { SELF_DESCRIBERS } from '../../../../lib/protocols/self-descriptions.ts';
import { askAboutItself } from '../../../../scripts/partner/self-description.ts';
import { json, reset, type ScriptedServer, silence, startScriptedServer } from '../../endpoints/scripted-server.ts';

const KEY = 'key-0123456789';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

function headers(): HeaderSource {
  const current = { 'x-api-key': KEY };
  const redactor = new Redactor();
  redactor.add(current);
  return { current, isRenewed: async () => false, redact: (text) => redactor.redact(text) };
}

async function ask(path: string, timeoutMs: number, ...answers: Parameters<typeof startScriptedServer>) {
  server = await startScriptedServer(...answers);
  const describer = SELF_DESCRIBERS['open-inference'];
  if (describer === undefined) throw new Error('it can be asked');
  return askAboutItself(describer, { url: server.url(path), headers: headers(), timeoutMs });
}

describe('a server that is asked about itself', () => {
  it('gets the headers and the query of the endpoint, which nobody sees', async () => {
    const quoting = { name: `ats for ${KEY}`, platform: 'p of secret-query' };
    const { description } = await ask('/v2/models/ats/infer?key=secret-query', 5000, json({}), json(quoting));
    expect(server?.requests.map(({ method, path, headers }) => [method, path, headers['x-api-key']])).toEqual([
      ['GET', '/v2/health/ready?key=secret-query', KEY],
      ['GET', '/v2/models/ats?key=secret-query', KEY],
    ]);
    expect(description.says).toEqual(['ready', 'model ats for [redacted]', 'p of [redacted]']);
  });

  it('is not followed to another address', async () => {
    const { description, problem } = await ask('/v2/models/ats/infer', 5000, (response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    expect(server?.requests).toHaveLength(2);
    expect({ description, problem }).toEqual({
      description: { says: [], inputs: [], outputs: [] },
      problem: undefined,
    });
  });

  it('may answer one of the questions alone', async () => {
    const { description, problem } = await ask('/v2/models/ats/infer', 5000, reset, json({ name: 'ats' }));
    expect({ says: description.says, problem }).toEqual({ says: ['model ats'], problem: undefined });
  });

  it('may not answer', async () => {
    const { problem } = await ask('/v2/models/ats/infer', 5000, reset);
    expect(problem).toMatch(/^it could not be reached: /);
  });

  it('is asked nothing more when it takes too long', async () => {
    const { problem } = await ask('/v2/models/ats/infer', 20, silence);
    expect(problem).toBe('it did not answer in time');
    expect(server?.requests).toHaveLength(1);
  });

  it('is not asked at an address of another form', async () => {
    await ask('/ml/ats/predict', 5000, json({}));
    expect(server?.requests).toEqual([]);
  });
});
