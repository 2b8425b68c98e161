import type { IncomingMessage } from 'node:http';
import { OUTPUT_NAMES, OUTPUTS } from '../../../lib/run/outputs.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { type Refusal, startS3Proxy } from '../harness/s3-proxy.ts';
import { contentOf, fileOf } from './content.ts';

let refuse: (request: IncomingMessage) => Refusal | undefined = () => undefined;
let proxy: Awaited<ReturnType<typeof startS3Proxy>>;
const pipeline = usePipeline({
  through: async (s3) => {
    proxy = await startS3Proxy(s3, (request) => refuse(request));
    return proxy.endpoint;
  },
});
afterAll(() => proxy.close());
beforeEach(() => {
  refuse = () => undefined;
});

/** Refuses the first request of each kind and object; what was refused is counted. */
function refuseFirst(refusalOf: (request: IncomingMessage) => Refusal | undefined): Set<string> {
  const refused = new Set<string>();
  refuse = (request) => {
    const what = `${request.method} ${request.url}`;
    const refusal = refused.has(what) ? undefined : refusalOf(request);
    if (refusal !== undefined) refused.add(what);
    return refusal;
  };
  return refused;
}

const CONFLICT: Refusal = { status: 409, code: 'ConditionalRequestConflict' };

/** Outputs that are uploaded while they are made: what has been sent cannot be sent again. */
const STREAMED = OUTPUT_NAMES.filter((name) => name !== 'page' && name !== 'summary').map((name) => OUTPUTS[name].file);

function isStreamed(url: string): boolean {
  return STREAMED.some((file) => url.includes(file));
}

describe('an S3 that refuses', () => {
  it('every request at first, as one that is overloaded does, costs nothing but time', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('clean.csv', fileOf(30), '2024-01-31'));
    const refused = refuseFirst(({ url = '' }) => ({
      status: 503,
      // The client takes its time after this one.
      code: url.includes('/results/') ? 'SlowDown' : 'ServiceUnavailable',
    }));
    const summary = await pipeline.drop('slow.csv', fileOf(30), '2024-01-31');
    refuse = () => undefined;
    // Two batches, two results, five outputs, and more.
    expect(refused.size).toBeGreaterThan(15);
    expect(pipeline.failures).toEqual([]);
    expect(await contentOf(pipeline, summary)).toEqual(clean);
  });

  it('conditional writes because another one is under way, is asked again', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('calm.csv', fileOf(30), '2024-01-31'));
    const refused = refuseFirst(({ headers, url = '' }) =>
      headers['if-none-match'] === '*' && !isStreamed(url) ? CONFLICT : undefined,
    );
    const summary = await pipeline.drop('conflict.csv', fileOf(30), '2024-01-31');
    // The plan, two batches, the manifest, two results, the completion, the page, the summary, the note of the end.
    expect(refused.size).toBe(10);
    expect(pipeline.failures).toEqual([]);
    expect(await contentOf(pipeline, summary)).toEqual(clean);
  });

  it('what is written while it is made because another write is under way, has it made again', async () => {
    const clean = await contentOf(pipeline, await pipeline.drop('still.csv', fileOf(30), '2024-01-31'));
    pipeline.retries = 1;
    const refused = refuseFirst(({ method, url = '' }) =>
      method === 'PUT' && url.includes('/report.xlsx') ? CONFLICT : undefined,
    );
    const summary = await pipeline.drop('collision.csv', fileOf(30), '2024-01-31');
    expect(refused.size).toBe(1);
    expect(pipeline.failures).toEqual([]);
    expect(await contentOf(pipeline, summary)).toEqual(clean);
  });

  it('conditional writes because the object is there, is taken at its word', async () => {
    refuse = ({ method, url = '' }) =>
      method === 'PUT' && url.includes('/completed/') ? { status: 412, code: 'PreconditionFailed' } : undefined;
    const summary = pipeline.drop('other.csv', fileOf(3), '2024-01-31');
    await expect(summary).rejects.toThrow(/no report for other.csv; failures: \[\]/);
  });
});
