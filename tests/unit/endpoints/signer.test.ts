import { CredentialsError } from '../../../lib/endpoints/headers.ts';
import { AwsSigner, type SignerOptions } from '../../../lib/endpoints/signer.ts';

/** Of AWS's published examples of signatures, as is what these come to. */
const IDENTITY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

const signer = (options: Partial<SignerOptions> = {}) =>
  new AwsSigner({
    service: 'service',
    region: 'us-east-1',
    credentials: async () => IDENTITY,
    clock: () => new Date('2015-08-30T12:36:00Z'),
    ...options,
  });

const request = (address: string, headers: Record<string, string> = {}, body = '') => ({
  url: new URL(address),
  headers,
  body,
});

const SCOPE = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';

describe("a request's signature", () => {
  it('is that of the example post-vanilla', async () => {
    expect(await signer().sign(request('https://example.amazonaws.com/'))).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization: `${SCOPE}, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b`,
    });
  });

  it('is that of the example post-vanilla-query', async () => {
    const { authorization } = await signer().sign(request('https://example.amazonaws.com/?Param1=value1'));
    expect(authorization).toMatch(/Signature=28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11$/);
  });

  it('is that of the example post-x-www-form-urlencoded, which has a body', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const signed = await signer().sign(request('https://example.amazonaws.com/', headers, 'Param1=value1'));
    expect(signed).toEqual({
      ...headers,
      'x-amz-date': '20150830T123600Z',
      authorization: `${SCOPE}, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a`,
    });
  });

  it('is for the region that the address names', async () => {
    const sageMaker = signer({ service: 'sagemaker' });
    const at = async (address: string) => (await sageMaker.sign(request(address))).authorization;
    expect(await at('https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/a/invocations')).toContain(
      '/eu-central-1/sagemaker/',
    );
    expect(await at('https://vpce-1.runtime.sagemaker.eu-west-1.vpce.amazonaws.com/endpoints/a/invocations')).toContain(
      '/eu-west-1/sagemaker/',
    );
    expect(await at('http://127.0.0.1:8080/endpoints/a/invocations')).toContain('/us-east-1/sagemaker/');
  });

  it('covers the session of a role, whose token is sent along', async () => {
    const credentials = async () => ({ ...IDENTITY, sessionToken: 'session+token/of=a-role' });
    const signed = await signer({ credentials }).sign(request('https://example.amazonaws.com/'));
    expect(signed['x-amz-security-token']).toBe('session+token/of=a-role');
    expect(signed.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });

  it('does not cover what is for whoever stands in between', async () => {
    const headers = { 'x-amzn-trace-id': 'Root=1', 'user-agent': 'x', 'x-amzn-sagemaker-target-variant': 'blue' };
    const signed = await signer().sign(request('https://example.amazonaws.com/', headers));
    expect(signed).toMatchObject(headers);
    expect(signed.authorization).toContain('SignedHeaders=host;x-amz-date;x-amzn-sagemaker-target-variant,');
  });
});

describe('what is secret', () => {
  it('is taken out of what AWS quotes', async () => {
    const tokens = ['first-token-of-a-role', 'second-token-of-a-role'];
    const ours = signer({ credentials: async () => ({ ...IDENTITY, sessionToken: tokens.shift() ?? '' }) });
    for (let n = 0; n < 2; n += 1) await ours.sign(request('https://example.amazonaws.com/'));
    expect(ours.redact(`first-token-of-a-role, second-token-of-a-role, ${IDENTITY.secretAccessKey}`)).toBe(
      '[redacted], [redacted], [redacted]',
    );
  });
});

describe('a request that cannot be signed', () => {
  it('is told of when nobody has credentials', async () => {
    const credentials = () => Promise.reject(new Error('Could not load credentials from any providers'));
    const signed = signer({ credentials }).sign(request('https://example.amazonaws.com/'));
    await expect(signed).rejects.toThrow(
      new CredentialsError('the request cannot be signed: Could not load credentials from any providers'),
    );
  });

  it('is told of when nothing says where it goes', async () => {
    const signed = signer({ region: undefined }).sign(request('https://models.example/'));
    await expect(signed).rejects.toThrow(CredentialsError);
  });
});
