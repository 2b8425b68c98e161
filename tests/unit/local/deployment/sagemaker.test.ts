import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { urlOf } from '../../../../lib/partners/call-url.ts';
import { checkSageMaker, sageMakerResources } from '../../../../local/deployment/sagemaker.ts';
import { partnerFileText, usePartnersFolder } from '../../../builders/partners.ts';

const at = (region: string, name: string) =>
  `https://runtime.sagemaker.${region}.amazonaws.com/endpoints/${name}/invocations`;
const arnOf = (region: string, name: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:sagemaker:${region}:\${AWS::AccountId}:endpoint/${name}`,
});
const model = (name: string, url: string, protocol = 'sagemaker') =>
  `${name}: { title: ${name}, url: "${url}", protocol: ${protocol} }`;

const ACME = partnerFileText(
  model('spend', urlOf('SPEND_URL')),
  model('churn', at('us-east-1', 'Churn')),
  model('visits', urlOf('VISITS_URL'), 'mlflow'),
);
const OFFER = `offer: { url: "${urlOf('SPEND_URL')}", send: { a: churn }, protocol: sagemaker }\n`;
const folder = usePartnersFolder({
  'acme.yml': ACME,
  'other.yml': `${partnerFileText(model('churn', at('us-east-1', 'churn')))}${OFFER}`,
  'partner.schema.json': '{}',
});

const parse = async (path: string) => load(await readFile(path, 'utf8'));
const resources = (environment: Record<string, unknown>) => sageMakerResources(folder.root, parse, environment);

describe("the endpoints of SageMaker that predict's role may call", () => {
  it('are those that partner files name, each once, and no other', async () => {
    const environment = { SPEND_URL: at('eu-central-1', 'spend'), VISITS_URL: at('eu-central-1', 'visits') };
    expect(await resources(environment)).toEqual([arnOf('eu-central-1', 'spend'), arnOf('us-east-1', 'churn')]);
  });

  it.each([undefined, '', { 'Fn::Sub': 'anything' }, 'https://models.example/'])(
    'are without one whose address is %j',
    async (SPEND_URL) => expect(await resources({ SPEND_URL })).toEqual([arnOf('us-east-1', 'churn')]),
  );
});

describe('an address that requests are signed to', () => {
  const check = (environment: Record<string, unknown>) =>
    checkSageMaker({
      serviceDir: folder.root,
      service: { provider: { stage: 'dev' }, custom: { esbuild: {} }, functions: { predict: { environment } } },
      yamlParser: { parse },
    });

  it.each([at('eu-central-1', 'spend'), '', undefined])('may be %j', async (SPEND_URL) => {
    await expect(check({ SPEND_URL })).resolves.toBeUndefined();
  });

  it.each(['https://models.example/', { 'Fn::Sub': 'anything' }])('is refused when it is %j', async (SPEND_URL) => {
    const problem = (file: string) =>
      `SPEND_URL must be https://runtime.sagemaker.<region>.amazonaws.com/endpoints/<name>/invocations, because partners/${file} calls SageMaker there.`;
    await expect(check({ SPEND_URL })).rejects.toThrow(`${problem('acme.yml')}\n${problem('other.yml')}`);
  });
});
