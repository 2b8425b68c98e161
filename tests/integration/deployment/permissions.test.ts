import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { manifestSchema } from '../../../lib/run/contracts.ts';
import { batchKey, manifestKey, scoringProgressKey, uploadKey } from '../../../lib/run/keys.ts';
import { Deadline } from '../../../lib/stages/predict/deadline.ts';
import { scoreBatch } from '../../../lib/stages/predict/score-batch.ts';
import type { Around } from '../../../local/in-process.ts';
import { endpointsAt } from '../../default-calls.ts';
import { fileOf, HEADER } from '../faults/content.ts';
import { endpointUrls, usePipeline } from '../harness/pipeline.ts';
import { type Grant, grantsFor, grantsOf, type Need } from './access.ts';
import { packaged } from './template.ts';

const ROLES: Record<string, string> = {
  features: 'FeaturesRole',
  predict: 'PredictRole',
  report: 'ReportRole',
  onFailure: 'OnFailureRole',
  resume: 'ResumeRole',
};

interface Command {
  constructor: { name: string };
  input: { Key?: string; Prefix?: string; IfMatch?: string };
}

/** The function that the code belongs to that is running. */
const running = new AsyncLocalStorage<string>();

const send = S3Client.prototype.send;
const granted = new Map<string, Grant[]>();
const used = new Set<Grant>();
const refused = new Set<string>();
/** Fails the command it says so of, once. */
let breaks: (functionName: string, command: string) => boolean = () => false;

// Whatever has stopped for a moment is stalled.
const pipeline = usePipeline(() => ({ environment: { STALLED_AFTER_MINUTES: '0.00001' }, around: attributed }));

beforeAll(async () => {
  const template = await packaged('dev');
  for (const [name, role] of Object.entries(ROLES)) granted.set(name, grantsOf(template, role));
  S3Client.prototype.send = async function (this: S3Client, command: Command) {
    const functionName = running.getStore();
    if (functionName === undefined) return Reflect.apply(send, this, [command]);
    const { name } = command.constructor;
    for (const need of needsOf(command)) hold(functionName, name, need);
    if (breaks(functionName, name)) {
      breaks = () => false;
      throw new Error(`${name} broke off`);
    }
    try {
      return await Reflect.apply(send, this, [command]);
    } catch (error) {
      if (Object(error).$metadata?.httpStatusCode === 404) {
        // Else it were 403. Whether the prefix is the key then or not there at all, S3 does not say.
        for (const on of [command.input.Key, undefined]) hold(functionName, name, { action: 's3:ListBucket', on });
      }
      throw error;
    }
  } as typeof send;
}, 120_000);

afterAll(() => {
  S3Client.prototype.send = send;
});

/** Which permissions S3 asks for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function needsOf(command: Command): Need[] {
  const on = command.input.Key ?? command.input.Prefix;
  const name = command.constructor.name.replace('Command', '');
  if (name === 'ListObjectsV2') return [{ action: 's3:ListBucket', on }];
  if (name === 'HeadObject') return [{ action: 's3:GetObject', on }];
  // Onto itself.
  const isReplacing = command.input.IfMatch !== undefined;
  if (name === 'CopyObject' || isReplacing) return ['s3:GetObject', 's3:PutObject'].map((action) => ({ action, on }));
  if (['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'].includes(name)) {
    return [{ action: 's3:PutObject', on }];
  }
  return [{ action: `s3:${name}`, on }];
}

function hold(functionName: string, command: string, need: Need): void {
  const grants = grantsFor(need, granted.get(functionName) ?? []);
  const key = need.on?.replace(/\d+T\d+Z-\w+/, '<runId>');
  if (grants.length === 0) refused.add(`${functionName}: ${need.action} for ${command} of ${key}`);
  // An absent prefix says nothing of which one is needed.
  if (need.on !== undefined) for (const grant of grants) used.add(grant);
}

const attributed: Around = (functionName, handle) => running.run(functionName, handle);

/** Does something while every attempt of a function fails. */
async function killing<T>(name: string, work: () => Promise<T>): Promise<T> {
  pipeline.around = (functionName, handle, event) =>
    attributed(functionName, functionName === name ? () => Promise.reject(new Error('killed')) : handle, event);
  const result = await work();
  await pipeline.idle();
  pipeline.around = attributed;
  return result;
}

/** Runs a function by hand and waits for what that sets off. */
async function invoke(functionName: string, event: unknown): Promise<void> {
  await running.run(functionName, () => pipeline.invoke(functionName, event)).catch(() => undefined);
  await pipeline.idle();
}

/** Drops a file of one batch while a function gets no events; returns the run's id when there is one. */
async function dropLosing(name: string, lost: string): Promise<string> {
  pipeline.admits = (functionName) => functionName !== lost;
  await pipeline.put(name, fileOf(20), '2024-01-31');
  await pipeline.idle();
  pipeline.admits = () => true;
  const manifests = (await pipeline.bucket.list('runs/')).filter((key) => key.endsWith('manifest.json'));
  const started = await Promise.all(manifests.map((key) => pipeline.bucket.readJson(key, manifestSchema)));
  return started.find(({ source }) => source.key === uploadKey('default', name))?.runId ?? '';
}

/** A file whose every row is rejected, of several megabytes that do not compress: uploaded in parts wherever they go. */
function largeFile(): string {
  const row = (_: unknown, index: number) => `M${index},2024-01-31,${randomBytes(16_000).toString('hex')},1,1`;
  return [HEADER, ...Array.from({ length: 500 }, row), 'GOOD,2024-01-01,buy,1,1', ''].join('\n');
}

/** Scores a batch until its second member is asked for, stores that and has the rest done by the next invocation. */
async function runOutOfTime(runId: string): Promise<void> {
  const deadline = new Deadline();
  let members = 0;
  pipeline.intercept = (request) => {
    if (request.url === '/ml/ats/predict' && ++members === 2) deadline.pass();
  };
  const created = { key: batchKey(runId, 1), createdAt: new Date() };
  const scoring = { endpoints: endpointsAt(endpointUrls()).source, concurrency: 1, deadline };
  await running.run('predict', () => scoreBatch(pipeline.bucket, created, scoring));
  // What is noted of a batch that takes seconds.
  await running.run('predict', () => pipeline.bucket.writeJson(scoringProgressKey(runId, 1), {}));
  pipeline.intercept = () => undefined;
  await pipeline.idle();
}

describe('what the functions ask of S3', () => {
  it('is what their roles allow, whatever happens to a run, and the roles allow nothing else', async () => {
    await pipeline.drop('clean.csv', fileOf(60), '2024-01-31');
    await pipeline.drop('unusable.csv', 'no,such,columns\n');
    // Parts of a folder: at first they wait in vain.
    for (const part of [1, 2]) await pipeline.put(`folder/part-${part}.csv`, fileOf(10));
    await invoke('resume', {});
    await pipeline.drop('folder/_SUCCESS', Buffer.alloc(0), '2024-01-31');
    await pipeline.drop('no-folder/_SUCCESS', Buffer.alloc(0));
    for (const { functionName, event } of [...pipeline.deliveries]) pipeline.deliver(functionName, event);
    await pipeline.idle();

    pipeline.retries = 1;
    for (const name of ['features', 'report']) {
      breaks = (functionName, command) => functionName === name && command === 'UploadPartCommand';
      await pipeline.drop(`broken-off-${name}.csv`, largeFile(), '2024-01-31');
    }

    for (const name of ['features', 'predict', 'report']) {
      const { runId } = await killing(name, () => pipeline.drop(`killed-${name}.csv`, fileOf(30), '2024-01-31'));
      await killing('report', () => invoke('resume', { runId }));
      await invoke('resume', { runId });
    }
    for (const name of ['features', 'predict', 'report']) {
      await dropLosing(`lost-${name}.csv`, name);
      await invoke('resume', {});
    }
    // Somebody has claimed an upload, and has not come to store it again.
    await dropLosing('claimed.csv', 'features');
    breaks = (functionName, command) => functionName === 'resume' && command === 'CopyObjectCommand';
    await invoke('resume', {});
    await invoke('resume', {});
    await runOutOfTime(await dropLosing('slow.csv', 'predict'));

    // What is looked for is not there: an upload, a manifest that is still to be written, a batch, a run.
    const [{ event } = {}] = pipeline.deliveries;
    await invoke('features', JSON.parse(JSON.stringify(event).replaceAll('clean.csv', 'deleted.csv')));
    const earlier = await dropLosing('earlier.csv', 'predict');
    const early = await dropLosing('early.csv', 'predict');
    for (const runId of [earlier, early]) await pipeline.delete(manifestKey(runId));
    await pipeline.bucket.storeAgain(batchKey(earlier, 1));
    await pipeline.idle();
    await killing('predict', () => pipeline.bucket.storeAgain(batchKey(early, 1)));
    // Batches are there, but not the manifest.
    await invoke('features', pipeline.deliveries.findLast(({ functionName }) => functionName === 'features')?.event);
    const expired = await dropLosing('expired.csv', 'predict');
    await pipeline.delete(batchKey(expired, 1));
    await invoke('resume', { runId: expired });
    await invoke('resume', { runId: 'unknown' });

    expect([...refused]).toEqual([]);
    const unused = [...granted].flatMap(([functionName, grants]) =>
      grants
        .filter((grant) => grant.action.startsWith('s3:') && !used.has(grant))
        .map(({ action, on }) => `${functionName}: ${action} on ${on}`),
    );
    // Tags are copied by S3 itself, and the local one has none.
    expect(unused).toEqual(['Get', 'Put'].map((verb) => `resume: s3:${verb}ObjectTagging on uploads/*`));
  }, 120_000);
});
