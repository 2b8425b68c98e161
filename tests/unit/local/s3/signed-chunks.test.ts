import { createHash } from 'node:crypto';
import { type Claim, SignedChunks } from '../../../../local/s3/signatures.ts';

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const CLAIM: Claim = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  scope: '20130524/us-east-1/s3/aws4_request',
  signedHeaders: ['host'],
  time: '20130524T000000Z',
  expires: undefined,
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const FIRST = 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';
const SECOND = '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497';
const LAST = 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9';

const sha256OfAs = (count: number) => createHash('sha256').update('a'.repeat(count)).digest('hex');

describe('the signatures of a body in chunks', () => {
  it('are each of its chunk and of the one before it', () => {
    const chunks = new SignedChunks(CLAIM, SECRET);
    chunks.checkChunk(sha256OfAs(65_536), FIRST);
    chunks.checkChunk(sha256OfAs(1024), SECOND);
    chunks.checkChunk(sha256OfAs(0), LAST);
  });

  it('are refused when a chunk is another, missing, or not signed', () => {
    const wrong = 'The signature is not of this request';
    const first = () => new SignedChunks(CLAIM, SECRET);
    expect(() => first().checkChunk(sha256OfAs(65_535), FIRST)).toThrow(wrong);
    expect(() => first().checkChunk(sha256OfAs(1024), SECOND)).toThrow(wrong);
    expect(() => first().checkChunk(sha256OfAs(65_536), '')).toThrow(wrong);
    expect(() => new SignedChunks(CLAIM, 'another').checkChunk(sha256OfAs(65_536), FIRST)).toThrow(wrong);
  });

  it('end with that of the trailers', () => {
    // The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    const chunks = new SignedChunks({ ...CLAIM, signature: TRAILED.seed }, SECRET);
    chunks.checkChunk(sha256OfAs(65_536), TRAILED.first);
    chunks.checkChunk(sha256OfAs(1024), TRAILED.second);
    chunks.checkChunk(sha256OfAs(0), TRAILED.last);
    const trailers = createHash('sha256').update('x-amz-checksum-crc32c:sOO8/Q==\n').digest('hex');
    chunks.checkTrailers(trailers, TRAILED.trailers);
    expect(() => chunks.checkTrailers(trailers, TRAILED.trailers)).toThrow();
  });
});

const TRAILED = {
  seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  first: 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  second: '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  last: '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  trailers: 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
};
