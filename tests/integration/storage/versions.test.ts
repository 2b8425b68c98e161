import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { type ScriptedServer, startScriptedServer, text } from '../../unit/endpoints/scripted-server.ts';

const VERSION = '3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY';

let server: ScriptedServer;
let client: S3Client;
beforeAll(async () => {
  // The local S3 keeps no versions.
  server = await startScriptedServer(text('x', 200, { 'x-amz-version-id': VERSION, etag: '"e"' }), text('x'));
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const endpoint = server.url('/').origin;
  client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

it('what is read of a bucket that keeps versions says which one it is', async () => {
  const bucket = new Bucket(client, 'offers');
  expect(await bucket.read('uploads/a.csv')).toMatchObject({ versionId: VERSION, etag: 'e' });
  expect((await bucket.read('uploads/a.csv')).versionId).toBeUndefined();
});
