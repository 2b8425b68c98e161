import { type Claim, claimOf, type SignedRequest, signaturesOf } from '../../../../local/s3/signatures.ts';

/** Of AWS's documentation, like all signatures here. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const SCOPE = '20130524/us-east-1/s3/aws4_request';
const CREDENTIAL = `AKIAIOSFODNN7EXAMPLE/${SCOPE}`;
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function request(method: string, url: string, signature: string, more: Record<string, string> = {}): SignedRequest {
  const signed = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': EMPTY,
    'x-amz-date': '20130524T000000Z',
    ...more,
  };
  const names = Object.keys(signed).toSorted().join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL},SignedHeaders=${names},Signature=${signature}`;
  return { method, url, headers: { ...signed, 'user-agent': 'any', authorization } };
}

function verify(sent: SignedRequest, secret = SECRET): boolean {
  const claim = claimOf(sent);
  return claim !== undefined && signaturesOf(sent, claim, secret).includes(claim.signature);
}

const GET = request('GET', '/test.txt', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41', {
  range: 'bytes=0-9',
});

function claimed(sent: SignedRequest): Claim {
  const claim = claimOf(sent);
  if (claim === undefined) throw new Error('There is none.');
  return claim;
}

const PRESIGNED = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${CREDENTIAL.replaceAll('/', '%2F')}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host`;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and its neighbour for queries */
describe('a signature, by the examples of AWS,', () => {
  it.each([
    ['a download', GET],
    [
      'an upload of a key that has to be encoded',
      request('PUT', '/test$file.text', '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd', {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      }),
    ],
    [
      'a query without a value',
      request('GET', '/?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'),
    ],
    [
      'a query in any order',
      request('GET', '/?prefix=J&max-keys=2', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'),
    ],
  ])('is that of %s', (_, sent) => {
    expect(verify(sent)).toBe(true);
    expect(verify(sent, `${SECRET}.`)).toBe(false);
    expect(verify({ ...sent, method: 'POST' })).toBe(false);
    expect(verify({ ...sent, url: `${sent.url}x` })).toBe(false);
    expect(verify({ ...sent, headers: { ...sent.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })).toBe(false);
  });

  it('is that of a presigned address', () => {
    const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const headers = { host: 'examplebucket.s3.amazonaws.com' };
    const sent = { method: 'GET', url: `${PRESIGNED}&X-Amz-Signature=${signature}`, headers };
    expect(claimOf(sent)).toEqual({
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      scope: SCOPE,
      signedHeaders: ['host'],
      time: '20130524T000000Z',
      expires: 86_400,
      signature,
    });
    expect(verify(sent)).toBe(true);
    expect(verify({ ...sent, url: sent.url.replace('86400', '86401') })).toBe(false);
    expect(verify({ ...sent, headers: { host: 'attacker.example' } })).toBe(false);
  });
});

it('a signature is of a query in any order, also of its values', () => {
  const sorted = request('GET', '/?a=1&a=2&a-b=0', '');
  const claim = { ...claimed(GET), signature: '' };
  const signatures = (url: string) => signaturesOf({ ...sorted, url }, claim, SECRET);
  expect(signatures('/?a-b=0&a=2&a=1')).toEqual(signatures('/?a=1&a=2&a-b=0'));
});

describe('what a request says of its signature', () => {
  it('is nothing when it says nothing, or something else', () => {
    const headers = { host: 'examplebucket.s3.amazonaws.com' };
    expect(claimOf({ method: 'GET', url: '/test.txt', headers })).toBeUndefined();
    expect(claimOf({ method: 'GET', url: PRESIGNED, headers })).toBeUndefined();
    const others = ['AWS AKIAIOSFODNN7EXAMPLE:c2lnbmF0dXJl', 'Bearer x', '', GET.headers.authorization?.slice(0, -1)];
    for (const authorization of others) {
      expect(claimOf({ ...GET, headers: { ...GET.headers, authorization } })).toBeUndefined();
    }
  });

  it('may have spaces behind its commas, as some clients write it', () => {
    const authorization = GET.headers.authorization?.replaceAll(',', ', ');
    expect(verify({ ...GET, headers: { ...GET.headers, authorization } })).toBe(true);
  });
});
