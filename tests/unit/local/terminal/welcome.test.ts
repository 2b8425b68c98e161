import type { Stack } from '../../../../local/stack.ts';
import { welcome } from '../../../../local/terminal/welcome.ts';
import { mapCalls } from '../../../default-calls.ts';

const stack: Stack = {
  pid: 1,
  bucket: 'member-offers-dev',
  s3: { endpoint: 'http://127.0.0.1:4569', region: 'us-east-1', accessKeyId: 'LOCAL1', secretAccessKey: 'key' },
  endpoints: {
    ...mapCalls(() => 'https://models.example/any?token=of-any'),
    ats: 'https://models.example/ats?token=of-ats',
    resp: 'https://models.example/resp?token=of-resp&version=2',
    offer: 'http://localhost:8000/offer/assign?token=of-offer',
  },
};

describe('what is said at the start', () => {
  it('names the endpoints without their queries, which may be secret', () => {
    const text = welcome(stack, false);
    expect(text.match(/^ +(ATS|RESP|OFFER) .*$/gm)?.map((line) => line.trim())).toEqual([
      'ATS    https://models.example/ats',
      'RESP   https://models.example/resp',
      'OFFER  http://localhost:8000/offer/assign',
    ]);
    expect(text).not.toContain('token');
  });

  it('holds the keys with which any client signs', () => {
    const text = welcome(stack, true);
    expect(text).toContain('    export AWS_ENDPOINT_URL=http://127.0.0.1:4569 AWS_REGION=us-east-1\n');
    expect(text).toContain('    export AWS_ACCESS_KEY_ID=LOCAL1 AWS_SECRET_ACCESS_KEY=key\n');
  });
});
