import { sageMakerEndpointAt } from '../../../lib/protocols/sagemaker-address.ts';

const AT = 'https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints';

describe("an address of SageMaker's", () => {
  it.each([
    [`${AT}/Spend-2024/invocations`, 'eu-central-1', 'spend-2024'],
    ['https://runtime-fips.sagemaker.us-gov-west-1.amazonaws.com/endpoints/a/invocations', 'us-gov-west-1', 'a'],
    ['https://runtime.sagemaker.cn-north-1.amazonaws.com.cn/endpoints/a/invocations', 'cn-north-1', 'a'],
  ])('names region and endpoint: %s', (address, region, name) => {
    expect(sageMakerEndpointAt(address)).toEqual({ region, name });
  });

  it.each([
    'https://models.example/endpoints/spend/invocations',
    'https://runtime.sagemaker.eu-central-1.amazonaws.com.example/endpoints/spend/invocations',
    'http://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/spend/invocations',
    `${AT}/spend`,
    `${AT}/spend/invocations?x=1`,
    `${AT}/spend/async-invocations`,
    `${AT}/-spend/invocations`,
    `${AT}/spend*/invocations`,
    `${AT}/${'a'.repeat(64)}/invocations`,
    '',
  ])('is not %s', (address) => expect(sageMakerEndpointAt(address)).toBeUndefined());
});
