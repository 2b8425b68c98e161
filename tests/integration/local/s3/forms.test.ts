import { createHmac, randomUUID } from 'node:crypto';
import { Bucket, useTestBucket } from '../../harness/test-bucket.ts';
import { type Sent, send } from './sent.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is S3's
const KEY = 'uploads/acme/${filename}';
const HOUR_MS = 3_600_000;

const bucket = useTestBucket();

type Condition = Record<string, string> | (string | number)[];

interface Form {
  fields?: Record<string, string>;
  conditions?: Condition[];
  expiresInMs?: number;
  secretAccessKey?: string;
  /** In place of the right one. */
  signature?: string;
  /** Undefined for none at all. */
  fileName?: string | undefined;
  file?: string;
  /** Whether the last of its bytes do not come. */
  isCut?: boolean;
}

/** A form as a page would send it, signed as https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html says. */
async function post(form: Form) {
  const { file, fileName, isCut } = { file: 'MEMBER_ID', fileName: 'members.csv', isCut: false, ...form };
  const fields = { key: KEY, ...form.fields };
  const parts = Object.entries({ ...fields, ...signature(form) }).map(([name, value]) => part(name, value));
  const boundary = randomUUID();
  const all = [
    ...parts,
    part(fileName === undefined ? 'file' : `file"; filename="${fileName}`, file),
    part('submit', 'Upload'),
  ];
  const body = `${all.map((text) => `--${boundary}\r\n${text}`).join('')}--${boundary}--\r\n`;
  const sent: Sent = {
    method: 'POST',
    path: `/${Bucket}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: isCut ? body.slice(0, body.indexOf(file) + 3) : body,
  };
  return send(bucket.s3.endpoint, sent);
}

function part(name: string, value: string): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function signature({
  conditions = [],
  expiresInMs = HOUR_MS,
  secretAccessKey,
  signature,
}: Form): Record<string, string> {
  const { credentials } = bucket.s3;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const signed = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${credentials.accessKeyId}/${scope}`,
    'x-amz-date': time,
  };
  const expiration = new Date(Date.now() + expiresInMs).toISOString();
  const standing: Condition[] = [{ bucket: Bucket }, ['starts-with', '$key', 'uploads/acme/']];
  const own = Object.entries(signed).map(([name, value]) => ({ [name]: value }));
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: [...standing, ...own, ...conditions] }));
  const key = scope
    .split('/')
    .reduce<Buffer>((hmac, step) => createHmac('sha256', hmac).update(step).digest(), secret(secretAccessKey));
  const encoded = policy.toString('base64');
  const right = createHmac('sha256', key).update(encoded).digest('hex');
  return { ...signed, policy: encoded, 'X-Amz-Signature': signature ?? right };
}

function secret(key = bucket.s3.credentials.secretAccessKey): Buffer {
  return Buffer.from(`AWS4${key}`);
}

describe('a form with a policy', () => {
  it('uploads its file under its name', async () => {
    expect(await post({ fileName: 'my file (é).csv' })).toMatchObject({ status: 204, body: '' });
    expect(bucket.events).toMatchObject([{ key: 'uploads/acme/my file (é).csv', cause: 'Post', size: 9 }]);
    expect(await bucket.get('uploads/acme/my file (é).csv')).toBe('MEMBER_ID');
  });

  it.each(['a $& $$ $1.csv', ''])('takes the name of the file as it is: %j', async (fileName) => {
    expect((await post({ fileName })).status).toBe(204);
    expect(bucket.events).toMatchObject([{ key: `uploads/acme/${fileName}` }]);
  });

  it('that has a file without a name takes none', async () => {
    expect((await post({ fileName: undefined })).status).toBe(204);
    expect(bucket.events).toMatchObject([{ key: 'uploads/acme/' }]);
  });

  it('chooses how it is answered', async () => {
    const answered = (fields: Record<string, string>) =>
      post({ fields, conditions: Object.entries(fields).map(([name, value]) => ({ [name]: value })) });
    expect((await answered({ success_action_status: '200' })).status).toBe(200);
    expect(await answered({ success_action_status: '201' })).toMatchObject({
      status: 201,
      body: expect.stringContaining('<Key>uploads/acme/members.csv</Key>'),
    });
    const redirected = await answered({ success_action_redirect: 'http://127.0.0.1:1/done?from=form' });
    expect(redirected.status).toBe(303);
    expect(redirected.headers.location).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/done\?from=form&bucket=.*&key=uploads%2Facme/,
    );
  });

  it.each<[string, string, Form]>([
    ['that has expired', 'AccessDenied', { expiresInMs: -1000 }],
    ['of another secret key', 'SignatureDoesNotMatch', { secretAccessKey: 'another' }],
    ['whose key does not begin as it says', 'AccessDenied', { fields: { key: 'uploads/other/x.csv' } }],
    ['of a field that it does not mention', 'AccessDenied', { fields: { 'x-amz-meta-as-of': '2024-01-31' } }],
    ['of a field that it wants otherwise', 'AccessDenied', { conditions: [['eq', '$x-amz-meta-as-of', 'x']] }],
    ['of a shorter file', 'EntityTooLarge', { conditions: [['content-length-range', 0, 8]] }],
    ['of a longer file', 'EntityTooSmall', { conditions: [['content-length-range', 10, 20]] }],
    ['whose signature is of other letters', 'SignatureDoesNotMatch', { signature: 'é'.repeat(64) }],
    [
      'of metadata that no header can name',
      'InvalidArgument',
      { fields: { 'x-amz-meta-a b': 'x' }, conditions: [{ 'x-amz-meta-a b': 'x' }] },
    ],
    ['of no known condition', 'InvalidPolicyDocument', { conditions: [['like', '$key', 'x']] }],
  ])('%s is refused with %s, and nothing is stored', async (_, code, form) => {
    expect(await post(form)).toMatchObject({ body: expect.stringContaining(`<Code>${code}</Code>`) });
    expect(bucket.events).toEqual([]);
    expect(await bucket.keys('uploads/other')).toEqual([]);
  });

  it('may bring metadata and a size that it mentions', async () => {
    const asOf = { 'x-amz-meta-as-of': '2024-01-31', 'Content-Type': 'text/csv' };
    const conditions: Condition[] = [
      { 'x-amz-meta-as-of': '2024-01-31' },
      ['starts-with', '$Content-Type', 'text/'],
      ['content-length-range', 9, 9],
    ];
    expect((await post({ fields: asOf, conditions })).status).toBe(204);
    const { Metadata, ContentType } = await bucket.head('uploads/acme/members.csv');
    expect({ Metadata, ContentType }).toEqual({ Metadata: { 'as-of': '2024-01-31' }, ContentType: 'text/csv' });
  });

  it.each<[string, Form]>([
    ['MalformedPOSTRequest', {}],
    ['SignatureDoesNotMatch', { secretAccessKey: 'another' }],
  ])('that breaks off within its file is refused with %s, and stores nothing', async (code, form) => {
    const body = expect.stringContaining(`<Code>${code}</Code>`);
    expect(await post({ ...form, isCut: true })).toMatchObject({ body });
    expect(bucket.events).toEqual([]);
  });

  it.each([
    ['without a file', 'multipart/form-data; boundary=x', 'InvalidArgument'],
    ['that does not say where its fields end', 'multipart/form-data', 'MalformedPOSTRequest'],
  ])('%s is refused', async (_, type, code) => {
    const body = '--x\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--x--\r\n';
    const sent: Sent = { method: 'POST', path: `/${Bucket}`, headers: { 'content-type': type }, body };
    const answer = await send(bucket.s3.endpoint, sent);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(`<Code>${code}</Code>`) });
  });
});
