import { answeredHeaders } from '../../../../local/s3/headers.ts';

describe('metadata', () => {
  it('that is not ASCII is told by RFC 2047, byte by byte, as S3 does', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: of "ÄMÄ", sent as UTF-8.
    const sent = Buffer.from('ÄMÄ').toString('latin1');
    expect(answeredHeaders({ 'x-amz-meta-nonascii': sent, 'x-amz-meta-plain': 'plain' })).toEqual({
      'x-amz-meta-nonascii': '=?UTF-8?B?w4PChE3Dg8KE?=',
      'x-amz-meta-plain': 'plain',
    });
  });
});
