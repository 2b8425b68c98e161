import { resultKey } from '../../../lib/run/keys.ts';
import { countsOf } from '../../../lib/run/result-counts.ts';
import { usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

describe('a result', () => {
  it('tells by its metadata how many members it has and how many of them failed', async () => {
    pipeline.intercept = ({ body }, reply) =>
      JSON.stringify(body).includes('"AVG_POINTS_BOUGHT":666') ? reply.code(400).send('no') : undefined;
    const rows = [100, 666, 300].map((points, member) => `M${member},2024-01-01,buy,${points},1`);
    const { runId, members } = await pipeline.drop('metadata.csv', [HEADER, ...rows].join('\n'), '2024-01-31');
    expect(members).toEqual({ total: 3, scored: 2, failed: 1 });
    const metadata = await pipeline.bucket.metadataIfThere(resultKey(runId, 1));
    expect(metadata).toEqual({ members: '3', failed: '1' });
    expect(countsOf(metadata)).toEqual({ members: 3, failed: 1 });
  });
});
