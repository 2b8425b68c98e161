import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { URL_VARIABLES } from '../../default-calls.ts';
import { fileOf } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { Packages } from './packages.ts';
import { packaging, packagingOfZips } from './packaging.ts';
import { templateIn } from './template.ts';

let packages: Packages;
beforeAll(async () => {
  packages = await Packages.of('dev');
}, 120_000);
const pipeline = usePipeline({ around: (functionName, _, event) => packages.invoke(functionName, event, local()) });
afterAll(() => packages.remove());

/** Where S3 and the endpoints are for the pipeline, which functions on AWS find by the template or by themselves. */
function local(): Record<string, string> {
  const names = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL_S3'];
  const replaced = [...names, 'BUCKET', ...URL_VARIABLES];
  return Object.fromEntries(replaced.map((name) => [name, process.env[name] ?? '']));
}

describe('the packages', () => {
  it('are those of all functions', () => {
    expect(packages.names.toSorted()).toEqual(['endpoints', 'features', 'onFailure', 'predict', 'report', 'resume']);
  });

  it('of features, predict and report turn a file into a report, on a Node that goes by package.json', async () => {
    expect(await pipeline.drop('good.csv', fileOf(3), '2024-01-31')).toMatchObject({
      status: 'COMPLETE',
      members: { total: 3, failed: 0 },
    });
  });

  it('of onFailure ends a run that a function did not survive', async () => {
    const { around } = pipeline;
    pipeline.around = (functionName, handle, event) =>
      functionName === 'features' ? Promise.reject(new Error('out of memory')) : around(functionName, handle, event);
    const { status, reason } = await pipeline.drop('fatal.csv', fileOf(3), '2024-01-31');
    pipeline.around = around;
    expect({ status, reason }).toEqual({ status: 'FAILED', reason: expect.stringContaining('out of memory') });
  });

  it('of resume makes a run go on whose event got lost', async () => {
    pipeline.admits = (functionName) => functionName !== 'predict';
    await pipeline.put('lost.csv', fileOf(3), '2024-01-31');
    await pipeline.idle();
    expect(await pipeline.summariesOf('lost.csv')).toEqual([]);
    pipeline.admits = () => true;
    // Whatever has stopped for a moment is stalled.
    expect(await packages.invoke('resume', {}, { ...local(), STALLED_AFTER_MINUTES: '0.00001' })).toEqual({
      uploads: [],
      runs: [{ runId: expect.any(String), did: 'restarted batches', batches: [1] }],
      problems: [],
    });
    await pipeline.idle();
    expect(await pipeline.summariesOf('lost.csv')).toMatchObject([{ status: 'COMPLETE' }]);
  });

  it('of endpoints answer a request to their URL', async () => {
    const request = JSON.parse(await readFile('events/endpoints.json', 'utf8'));
    expect(await packages.invoke('endpoints', request)).toMatchObject({ statusCode: 200, body: '{"prediction":1350}' });
  });

  it.each([
    ['features', []],
    ['predict', ['parameter-store', 'secrets-manager']],
    ['report', ['page', 'report-files', 'sns']],
    ['onFailure', ['sns']],
    ['resume', []],
    ['endpoints', []],
  ])('hold what is loaded only when it is needed: %s', async (name, expected) => {
    const files = await packages.imports(name);
    const own = files.map((file) => /^functions\/(page|report-files|sns|[a-z]+-(?:store|manager))\./.exec(file)?.[1]);
    expect([...new Set(own)].filter((chunk) => chunk !== undefined).toSorted()).toEqual(expected);
  });

  it('are deployed as they were built, by the framework alone', async () => {
    const built = await packagingOfZips('dev', {}, templateIn, { zips: packages.directory });
    // Each packaging has a folder in the deployment bucket that is named after its time.
    const withoutTime = (text: string) => text.replace(/\d+-\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    expect(JSON.parse(withoutTime(built.text))).toEqual(JSON.parse(withoutTime(packages.template.text)));
    for (const name of packages.names) expect(built.text).toContain(`Z/${name}.zip"`);
  });

  it('hold the partner files where they are read', async () => {
    const files = await readdir(join(packages.directory, 'features', 'partners'));
    expect(files).toEqual(['default.yml']);
  });

  it('are not made when a partner file has a mistake: the line is told', async () => {
    const text = (await readFile('partners/default.yml', 'utf8')).replace('mean: points }', 'mean: poinst }');
    const made = packaging('dev', {}, templateIn, { 'partners/acme.yml': text });
    await expect(made).rejects.toThrow(
      /partners\/acme\.yml:\d+: features\.AVG_POINTS_BOUGHT\.mean: there is no field poinst; did you mean points\?/,
    );
  });

  it('are not made for a stage that no bucket can be named after', async () => {
    await expect(packaging('Dev', {}, templateIn)).rejects.toThrow('The stage cannot be called "Dev"');
  });
});
