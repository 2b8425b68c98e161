import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { urlOf } from '../../../../lib/partners/call-url.ts';
import { checkPartnerAddresses, checkPartnerFiles } from '../../../../local/deployment/partner-checks.ts';

const FILE = `input:
  fields:
    member: { titles: [CUSTOMER], type: string, required: true }
    time: { titles: [DATE], type: datetime, required: true }
features:
  VISITS: { count: transactions }
models:
  score: { title: score, url: "${urlOf('SCORE_URL')}" }
  other: { title: other, url: https://models.example/other }
`;

let serviceDir: string;
beforeEach(async () => {
  serviceDir = await mkdtemp(join(tmpdir(), 'partners-'));
  await mkdir(join(serviceDir, 'partners'));
  await writeFile(join(serviceDir, 'partners', 'acme.yml'), FILE);
});
afterEach(() => rm(serviceDir, { recursive: true }));

const packaged = (environment: Record<string, unknown>) => ({
  serviceDir,
  service: { provider: { stage: 'dev' }, custom: { esbuild: {} }, functions: { predict: { environment } } },
});

describe('partner files that are packaged', () => {
  it('have their addresses in variables that predict is given', () => {
    expect(checkPartnerAddresses(packaged({ SCORE_URL: 'https://models.example/score' }))).toEqual([]);
    expect(checkPartnerAddresses(packaged({ SCORE_URL: { 'Fn::Sub': 'anything' } }))).toEqual([]);
  });

  it('are refused when predict is not given one, with the line that is missing', () => {
    expect(() => checkPartnerAddresses(packaged({}))).toThrow(
      `partners/acme.yml names SCORE_URL, which predict is not given: add to its environment in serverless.yml SCORE_URL: ${'$'}{env:SCORE_URL, ''}`,
    );
  });

  it('are told of when one is not set', () => {
    expect(checkPartnerAddresses(packaged({ SCORE_URL: '' }))).toEqual([
      'partners/acme.yml names SCORE_URL, not set for this stage: its runs will fail',
    ]);
  });

  it('are without the examples, whose addresses nobody has to set', async () => {
    await mkdir(join(serviceDir, 'partners', 'examples'));
    await rename(join(serviceDir, 'partners', 'acme.yml'), join(serviceDir, 'partners', 'examples', 'acme.yml'));
    expect(checkPartnerAddresses(packaged({}))).toEqual([]);
  });

  it('are refused when they cannot be used', async () => {
    expect(() => checkPartnerFiles({ serviceDir })).not.toThrow();
    await writeFile(join(serviceDir, 'partners', 'acme.yml'), FILE.replace('https:', 'http:'));
    expect(() => checkPartnerFiles({ serviceDir })).toThrow(
      /^partners\/acme.yml:9: models.other.url: must be an https/,
    );
  });
});
