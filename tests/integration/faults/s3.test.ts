import type { IncomingMessage } from 'node:http';
import { Pipeline } from '../pipeline.ts';
import { contentOf, fileOf } from './content.ts';
import { type Refusal, startS3Proxy } from './s3-proxy.ts';

let refuse: (request: IncomingMessage) => Refusal | undefined = () => undefined;
let proxy: Awaited<ReturnType<typeof startS3Proxy>>;
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await Pipeline.start({
    through: async (s3) => {
      proxy = await startS3Proxy(s3, (request) => refuse(request));
      return proxy.endpoint;
    },
  });
});
afterAll(async () => {
  await pipeline.stop();
  await proxy.close();
});
beforeEach(() => {
  pipeline.reset();
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
    const refused = refuseFirst(({ headers }) =>
      headers['if-none-match'] === '*' ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
    );
    const summary = await pipeline.drop('conflict.csv', fileOf(30), '2024-01-31');
    // Two batches, the manifest, two results, the completion.
    expect(refused.size).toBe(6);
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
