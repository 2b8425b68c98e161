import { Readable } from 'node:stream';
import { partnersIn } from '../../../lib/partners/partner-folder.ts';
import { batchKey, completionKey, uploadKey } from '../../../lib/run/keys.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import { writeReport } from '../../../lib/stages/report/write-report.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { createS3Client } from '../../../lib/storage/s3-client.ts';
import { sampleLines } from '../../sample/sample-rows.ts';
import { chunked } from '../../shared/line-chunks.ts';
import { PROJECT } from '../../shared/project-partners.ts';
import type { StagesTask } from '../task.ts';
import { instantEndpoints } from './instant-endpoints.ts';

const AS_OF = '2024-01-31';

/**
 * Runs all three stages on a generated file, one after the other, with endpoints that answer at once, to measure the
 * program's own work. @returns milliseconds, without generating and uploading the file
 */
export async function runStages({ members, seed, batching, concurrency }: StagesTask): Promise<number> {
  const client = createS3Client();
  const bucket = new Bucket(client, process.env.BUCKET ?? '');
  const key = uploadKey('bench', `${members}-${seed}.csv`);
  await bucket.writeStream(key, Readable.from(chunked(sampleLines({ members, seed, asOf: AS_OF }))), 'text/csv');
  const { chunks, etag } = await bucket.read(key);
  chunks.destroy();
  const createdAt = new Date(`${AS_OF}T12:00:00Z`);

  const startedAt = performance.now();
  const upload = { bucket: bucket.name, key, etag, sequencer: String(seed), createdAt };
  const { runId, batches } = await prepareRun(bucket, upload, batching, { partners: partnersIn(PROJECT) });
  for (let batch = 1; batch <= batches; batch++) {
    const created = { key: batchKey(runId, batch), createdAt: new Date() };
    await scoreBatch(bucket, created, { endpoints: instantEndpoints(), concurrency });
  }
  await writeReport(bucket, { key: completionKey(runId), createdAt: new Date() });
  const ms = performance.now() - startedAt;
  client.destroy();
  return ms;
}
