import { urlOf } from '../../../lib/partners/call-url.ts';
import { partnerFileText } from '../../builders/partners.ts';
import { grantsOf } from './access.ts';
import { NEEDED } from './needed.ts';
import { ACCOUNT, OWN_ENDPOINTS, packaged, type Template } from './template.ts';

const at = (name: string) => `https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/${name}/invocations`;
const arnOf = (name: string) => `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:endpoint/${name}`;

const FILES = {
  'partners/acme.yml': partnerFileText(
    `spend: { title: spend, url: "${urlOf('ATS_URL')}", protocol: sagemaker }`,
    `churn: { title: churn, url: "${at('Churn-2')}", protocol: sagemaker }`,
    `visits: { title: visits, url: "${urlOf('RESP_URL')}", protocol: mlflow }`,
  ),
};

const grants = (template: Template, name: string) =>
  grantsOf(template, `${name}Role`).map(({ action, on }) => `${action} ${on}`);

describe('endpoints of SageMaker', () => {
  it('may be called by predict alone, those that partner files name and no others', async () => {
    const without = await packaged('dev', OWN_ENDPOINTS);
    const used = await packaged('dev', { ...OWN_ENDPOINTS, ATS_URL: at('spend') }, FILES);
    // The reference services are not there.
    for (const name of Object.keys(NEEDED).filter((name) => name !== 'Endpoints')) {
      const others = new Set(grants(without, name));
      expect(grants(used, name).filter((grant) => !others.has(grant))).toEqual(
        name === 'Predict'
          ? [`sagemaker:InvokeEndpoint ${arnOf('spend')}`, `sagemaker:InvokeEndpoint ${arnOf('churn-2')}`]
          : [],
      );
    }
  }, 120_000);

  it('are in no role where partner files name none', async () => {
    const template = await packaged('dev');
    expect(
      Object.keys(NEEDED)
        .flatMap((name) => grants(template, name))
        .join(),
    ).not.toContain('sagemaker');
  }, 120_000);

  it('are not deployed at an address of another kind', async () => {
    await expect(packaged('dev', OWN_ENDPOINTS, FILES)).rejects.toThrow(
      'ATS_URL must be https://runtime.sagemaker.<region>.amazonaws.com/endpoints/<name>/invocations, because partners/acme.yml calls SageMaker there.',
    );
  }, 120_000);
});
