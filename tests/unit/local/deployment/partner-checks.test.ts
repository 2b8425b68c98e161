import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { urlOf } from '../../../../lib/partners/call-url.ts';
import { checkPartnerAddresses, checkPartnerFiles } from '../../../../local/deployment/partner-checks.ts';
import { partnerFileText, usePartnersFolder } from '../../../builders/partners.ts';

const FILE = partnerFileText(
  `score: { title: score, url: "${urlOf('SCORE_URL')}" }`,
  'other: { title: other, url: https://models.example/other }',
);

const folder = usePartnersFolder({ 'acme.yml': FILE });

const packaged = (environment: Record<string, unknown>) => ({
  serviceDir: folder.root,
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
    await mkdir(join(folder.root, 'partners', 'examples'));
    await rename(join(folder.root, 'partners', 'acme.yml'), join(folder.root, 'partners', 'examples', 'acme.yml'));
    expect(checkPartnerAddresses(packaged({}))).toEqual([]);
  });

  it('are refused when they cannot be used', async () => {
    expect(() => checkPartnerFiles({ serviceDir: folder.root })).not.toThrow();
    await writeFile(join(folder.root, 'partners', 'acme.yml'), FILE.replace('https:', 'http:'));
    expect(() => checkPartnerFiles({ serviceDir: folder.root })).toThrow(
      /^partners\/acme.yml:9: models.other.url: must be an https/,
    );
  });
});
