import { readReference, referenceSchema } from '../../../lib/secrets/secret-reference.ts';
import { startSecrets, takeHeaders } from '../../../local/endpoints/secrets.ts';
import { startSecretsServer } from '../harness/secrets-server.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/endpoints-AbCdEf';
const PARAMETER = 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/prod/endpoints';

let kept: string | undefined;
let server: Awaited<ReturnType<typeof startSecretsServer>>;

beforeAll(async () => {
  server = await startSecretsServer(() => kept);
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.endpoint,
    AWS_ENDPOINT_URL_SSM: server.endpoint,
  });
});
afterAll(() => server.close());
beforeEach(() => {
  kept = '{"ats": {}}';
  server.asked.length = 0;
});

describe('a reference to something secret', () => {
  it('may be to a secret in Secrets Manager, of which the current version is read', async () => {
    expect(await readReference(referenceSchema.parse(SECRET))).toBe('{"ats": {}}');
    expect(server.asked).toEqual([{ target: 'secretsmanager.GetSecretValue', body: { SecretId: SECRET } }]);
  });

  it('may be to a parameter in Parameter Store, which is decrypted', async () => {
    expect(await readReference(referenceSchema.parse(PARAMETER))).toBe('{"ats": {}}');
    const body = { Name: PARAMETER, WithDecryption: true };
    expect(server.asked).toEqual([{ target: 'AmazonSSM.GetParameter', body }]);
  });

  it.each([
    'prod/endpoints',
    'arn:aws:s3:::offers/secret.json',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:',
    'arn:aws:ssm:eu-west-1:123456789012:document/x',
    `${SECRET} `,
    'https://secrets.example/',
  ])('is nothing else: %s', (reference) => {
    expect(referenceSchema.safeParse(reference).error?.issues[0]?.message).toMatch(/^must be the ARN of a secret/);
  });

  it.each([
    ['a secret', SECRET],
    ['a parameter', PARAMETER],
  ])('is told when there is no such thing: %s', async (_, reference) => {
    kept = undefined;
    await expect(readReference(reference)).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });
});

describe('the Secrets Manager of the local stack', () => {
  it('gives its secret to whoever knows where it is, and to nobody else', async () => {
    const local = await startSecrets('{"resp": {}}');
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = local.endpoint;
    try {
      expect(await readReference(referenceSchema.parse(local.reference))).toBe('{"resp": {}}');
      await expect(readReference(SECRET)).rejects.toThrow(
        expect.objectContaining({ name: 'ResourceNotFoundException' }),
      );
    } finally {
      local.close();
      process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = server.endpoint;
    }
  });
});

describe('the headers in the environment of the local stack', () => {
  it('are taken out of it', () => {
    const environment = { ENDPOINT_HEADERS: '{"ats": {"x-api-key": "k"}}', OTHER: '1' };
    expect(takeHeaders(environment, ['ats', 'resp', 'offer'])).toBe('{"ats": {"x-api-key": "k"}}');
    expect(environment).toEqual({ OTHER: '1' });
  });

  it.each([{}, { ENDPOINT_HEADERS: '' }])('may be missing: %j', (environment) => {
    expect(takeHeaders(environment, ['ats', 'resp', 'offer'])).toBeUndefined();
  });

  it('are named when they cannot be used, and not quoted', () => {
    const take = () => takeHeaders({ ENDPOINT_HEADERS: '{"x-api-key": "sesame"}' }, ['ats', 'resp', 'offer']);
    expect(take).toThrow(/^ENDPOINT_HEADERS cannot be used: what it holds is not headers for ats, resp and offer\./);
    expect(take).not.toThrow(/sesame/);
  });
});
