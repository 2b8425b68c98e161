import { PutObjectCommand } from '@aws-sdk/client-s3';
import { batchSchema, type Manifest } from '../../../lib/run/contracts.ts';
import { batchKey } from '../../../lib/run/keys.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { PARTNERS } from '../../default-partner.ts';
import { usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID;LAST_TRANSACTION_TS;LAST_TRANSACTION_TYPE;LAST_TRANSACTION_POINTS_BOUGHT;LAST_TRANSACTION_REVENUE_USD\n';

/** More than S3's answer, the streams and the reader hold, so that the first reading waits while the second goes on. */
const ROWS = 100_000;

async function prepare(body: string): Promise<Manifest> {
  pipeline.admits = () => false;
  const object = { Bucket: pipeline.bucket.name, Key: 'archive/acme/1.csv', Body: body };
  const { ETag = '' } = await pipeline.client.send(
    new PutObjectCommand({ ...object, Metadata: { 'as-of': '2024-12-31' } }),
  );
  const upload = {
    bucket: object.Bucket,
    key: object.Key,
    etag: ETag.replaceAll('"', ''),
    sequencer: '1',
    createdAt: new Date('2024-12-31T10:00:00Z'),
  };
  return prepareRun(pipeline.bucket, upload, { minBatchSize: 10, maxBatches: 1 }, { partners: PARTNERS });
}

describe('a file whose last row decides how its columns are written', () => {
  it('is read by it from the first row on', async () => {
    const rows = 'A;01/12/2024;buy;1.500;2\n'.repeat(ROWS);
    const manifest = await prepare(`${HEADER}${rows}B;31/12/2024;buy;0,5;2\n`);
    expect(manifest.reason).toBeUndefined();
    expect(manifest.rows).toEqual({ read: ROWS + 1, accepted: ROWS + 1, rejected: 0, imputed: 0 });
    const { members } = await pipeline.bucket.readJson(batchKey(manifest.runId, 1), batchSchema);
    expect(members.map(({ features }) => [features.AVG_POINTS_BOUGHT, features.DAYS_SINCE_LAST_TRANSACTION])).toEqual([
      [1500, 30],
      [0.5, 0],
    ]);
  });

  it('is refused when that row does not decide either, with no batches and what to write', async () => {
    const manifest = await prepare(`${HEADER}${'A;01/12/2024;buy;1;2\n'.repeat(ROWS)}`);
    expect(manifest).toMatchObject({
      batches: 0,
      reason:
        'LAST_TRANSACTION_TS cannot be read: "01/12/2024" in line 2 looks like day/month/year or month/day/year, and no cell of the column decides it; set format: day/month/year or month/day/year',
    });
  });
});
