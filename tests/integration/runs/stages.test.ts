import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import * as z from 'zod';
import { completeIfAllIn } from '../../../lib/run/completion.ts';
import { batchSchema, manifestSchema } from '../../../lib/run/contracts.ts';
import {
  batchKey,
  batchPrefix,
  completionKey,
  manifestKey,
  rejectedRowsKey,
  resultKey,
  runIdOf,
} from '../../../lib/run/keys.ts';
import { readRejectedRows } from '../../../lib/run/rejected-rows.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { InvalidObjectError, ObjectMissingError } from '../../../lib/storage/bucket.ts';
import { rejectedRowSchema } from '../../../lib/transactions/row-account.ts';
import { PARTNERS } from '../../default-partner.ts';
import { usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

describe('a run is completed', () => {
  const isComplete = (runId: string) => pipeline.bucket.exists(completionKey(runId));

  it('when the last result comes in after the manifest', async () => {
    await pipeline.bucket.writeJson(manifestKey('late-result'), {});
    await pipeline.bucket.writeJson(resultKey('late-result', 2), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'late-result', batches: 2 })).toBe(false);
    expect(await isComplete('late-result')).toBe(false);
    await pipeline.bucket.writeJson(resultKey('late-result', 1), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'late-result', batches: 2 })).toBe(true);
    expect(await isComplete('late-result')).toBe(true);
  });

  it('when the manifest comes in after the last result', async () => {
    await pipeline.bucket.writeJson(resultKey('late-manifest', 1), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'late-manifest', batches: 1 })).toBe(false);
    await pipeline.bucket.writeJson(manifestKey('late-manifest'), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'late-manifest', batches: 1 })).toBe(true);
  });

  it('by exactly one of many that look at the same time', async () => {
    await pipeline.bucket.writeJson(manifestKey('race'), {});
    await pipeline.bucket.writeJson(resultKey('race', 1), {});
    const looks = Array.from({ length: 12 }, () => completeIfAllIn(pipeline.bucket, { runId: 'race', batches: 1 }));
    expect((await Promise.all(looks)).filter(Boolean)).toHaveLength(1);
  });

  it('by the one that finds all results, also when the last batch was scored first', async () => {
    await pipeline.bucket.writeJson(manifestKey('order'), {});
    await pipeline.bucket.writeJson(resultKey('order', 3), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'order', batches: 3 })).toBe(false);
    await pipeline.bucket.writeJson(resultKey('order', 1), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'order', batches: 3 })).toBe(false);
    await pipeline.bucket.writeJson(resultKey('order', 2), {});
    expect(await completeIfAllIn(pipeline.bucket, { runId: 'order', batches: 3 })).toBe(true);
  });

  it('without listing all results while the last one is not there', async () => {
    await pipeline.bucket.writeJson(manifestKey('unlisted'), {});
    await pipeline.bucket.writeJson(resultKey('unlisted', 1), {});
    const list = jest.spyOn(pipeline.bucket, 'list');
    await completeIfAllIn(pipeline.bucket, { runId: 'unlisted', batches: 2 });
    expect(list).not.toHaveBeenCalled();
    list.mockRestore();
  });
});

describe('an upload', () => {
  const upload = (key: string, etag: string) => ({
    bucket: pipeline.bucket.name,
    key,
    etag,
    sequencer: '1',
    createdAt: new Date('2024-01-31T10:00:00Z'),
  });
  const batching = { minBatchSize: 1, maxBatches: 10 };

  async function put(key: string, body: string): Promise<string> {
    const { ETag = '' } = await pipeline.client.send(
      new PutObjectCommand({ Bucket: pipeline.bucket.name, Key: key, Body: body }),
    );
    return ETag.replaceAll('"', '');
  }

  // These keys are outside `uploads/`, so that only the calls below read them.
  it('that was overwritten before it was read gets a report that says so', async () => {
    const etag = await put('elsewhere/overwritten.csv', `${HEADER}\nA,2024-01-01,buy,1,1\n`);
    await put('elsewhere/overwritten.csv', `${HEADER}\nB,2024-01-01,buy,1,1\n`);
    const manifest = await prepareRun(pipeline.bucket, upload('elsewhere/overwritten.csv', etag), batching, {
      partners: PARTNERS,
    });
    expect(manifest).toMatchObject({ members: 0, batches: 0, reason: expect.stringContaining('overwritten') });
  });

  it('that was deleted before it was read gets a report that says so', async () => {
    const etag = await put('elsewhere/deleted.csv', `${HEADER}\nA,2024-01-01,buy,1,1\n`);
    await pipeline.client.send(new DeleteObjectCommand({ Bucket: pipeline.bucket.name, Key: 'elsewhere/deleted.csv' }));
    const manifest = await prepareRun(pipeline.bucket, upload('elsewhere/deleted.csv', etag), batching, {
      partners: PARTNERS,
    });
    expect(manifest).toMatchObject({ members: 0, batches: 0, reason: expect.stringContaining('deleted') });
  });

  it('that is told of again keeps its first manifest', async () => {
    const etag = await put('elsewhere/again.csv', `${HEADER}\nA,2024-01-01,buy,1,1\n`);
    const again = upload('elsewhere/again.csv', etag);
    const first = await prepareRun(pipeline.bucket, again, batching, { partners: PARTNERS });
    await put('elsewhere/again.csv', 'something else by now');
    expect(await prepareRun(pipeline.bucket, again, batching, { partners: PARTNERS })).toEqual(first);
    expect(await pipeline.bucket.readJson(manifestKey(runIdOf(again)), manifestSchema)).toEqual(first);
  });

  it.each([
    { earlier: { minBatchSize: 1, maxBatches: 20 }, later: { minBatchSize: 1, maxBatches: 3 }, batches: 20 },
    { earlier: { minBatchSize: 9, maxBatches: 20 }, later: { minBatchSize: 1, maxBatches: 20 }, batches: 3 },
    { earlier: { minBatchSize: 50, maxBatches: 20 }, later: { minBatchSize: 1, maxBatches: 20 }, batches: 1 },
  ])('whose writing broke off keeps its $batches batches when others would be made by now', async (settings) => {
    const { earlier, later, batches } = settings;
    const members = Array.from({ length: 20 }, (_, index) => `M${index}`);
    const body = [HEADER, ...members.map((member) => `${member},2024-01-01,buy,1,1`)].join('\n');
    const key = `elsewhere/broken-off-${batches}.csv`;
    const again = upload(key, await put(key, body));
    const { runId } = await prepareRun(pipeline.bucket, again, earlier, { partners: PARTNERS });
    await pipeline.delete(manifestKey(runId));
    if (batches > 1) await pipeline.delete(batchKey(runId, batches));

    expect(await prepareRun(pipeline.bucket, again, later, { partners: PARTNERS })).toMatchObject({
      members: 20,
      batches,
    });
    const keys = await pipeline.bucket.list(batchPrefix(runId));
    const written = await Promise.all(keys.map((of) => pipeline.bucket.readJson(of, batchSchema)));
    expect(written.flatMap((batch) => batch.members.map(({ memberId }) => memberId))).toEqual(members);
  });

  it('keeps rejected rows whole, whatever characters they hold', async () => {
    const odd = 'A,2024-01-01,buy,\u2028"\\,1';
    const etag = await put('elsewhere/odd.csv', `${HEADER}\n${odd}\nB,2024-01-01,buy,1,1\nC,,,x,\n`);
    const { runId } = await prepareRun(pipeline.bucket, upload('elsewhere/odd.csv', etag), batching, {
      partners: PARTNERS,
    });
    const rows = await Array.fromAsync(readRejectedRows(pipeline.bucket, runId));
    expect(rows.map(({ line, raw }) => [line, raw])).toEqual([
      [2, odd],
      [4, 'C,,,x,'],
    ]);
    expect(rows.every((row) => rejectedRowSchema.safeParse(row).success)).toBe(true);
  });

  it('streams many rejected rows through, in order', async () => {
    const lines = Array.from({ length: 6_000 }, (_, index) => `M${index},2024-01-01,buy,x${'y'.repeat(100)},1`);
    const etag = await put('elsewhere/many.csv', [HEADER, ...lines, 'A,2024-01-01,buy,1,1'].join('\n'));
    const { runId, rows } = await prepareRun(pipeline.bucket, upload('elsewhere/many.csv', etag), batching, {
      partners: PARTNERS,
    });
    expect(rows).toEqual({ read: 6_001, accepted: 1, rejected: 6_000, imputed: 0 });
    const read = await Array.fromAsync(readRejectedRows(pipeline.bucket, runId));
    expect(read.map(({ raw }) => raw)).toEqual(lines);
    expect(await pipeline.bucket.exists(rejectedRowsKey(runId))).toBe(true);
  });
});

describe('an object that is read back', () => {
  it('is refused by its address when it is missing, no JSON, or of another shape', async () => {
    await pipeline.bucket.writeJson('elsewhere/shape.json', { runId: 7 });
    const read = (key: string) => pipeline.bucket.readJson(key, z.object({ runId: z.string() }));
    await expect(read('elsewhere/none.json')).rejects.toThrow(ObjectMissingError);
    await expect(read('elsewhere/shape.json')).rejects.toThrow(InvalidObjectError);
    await expect(read('elsewhere/shape.json')).rejects.toThrow(
      /^s3:\/\/member-offers-dev\/elsewhere\/shape\.json cannot be used: /,
    );
  });
});
