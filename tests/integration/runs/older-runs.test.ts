import { PutObjectCommand } from '@aws-sdk/client-s3';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import type { Partners } from '../../../lib/partners/partners.ts';
import { CONTRACT_VERSION, FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import {
  type Batch,
  batchSchema,
  checkpointSchema,
  completionSchema,
  type Manifest,
  manifestSchema,
  type Plan,
  planSchema,
  resultSchema,
  roundSchema,
  type ScoredMember,
  scoredMemberSchema,
} from '../../../lib/run/contracts.ts';
import {
  batchKey,
  checkpointKey,
  completionKey,
  manifestKey,
  outputKey,
  planKey,
  resultKey,
} from '../../../lib/run/keys.ts';
import { draftManifest } from '../../../lib/run/manifest.ts';
import type { ObjectCreated } from '../../../lib/run/object-created.ts';
import { endSchema, type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { InvalidObjectError } from '../../../lib/storage/bucket.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { DEFAULT, PARTNERS } from '../../default-partner.ts';
import { rowsOf, usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

/** The feature that has been added since, in the midst of the others. */
const ADDED = 'PCT_GIFT_TRANSACTIONS';
const OLDER_FEATURES = FIRST_FEATURES.filter((name) => name !== ADDED);

const CSV = `MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD
ANN,2024-01-29,buy,100,2
BEN,2024-01-30,gift,300,6
`;
const VALUES: Record<string, readonly number[]> = {
  ANN: [100, 2, 100, 2, 1, 0, 0, 2],
  BEN: [300, 6, 300, 6, 0, 1, 0, 1],
};

/** A member's features, as far as a version has them. */
function featuresOf(memberId: string, names: readonly string[]): Record<string, number> {
  const all = FIRST_FEATURES.map((name, index) => [name, VALUES[memberId]?.[index] ?? 0] as const);
  return Object.fromEntries(all.filter(([name]) => names.includes(name)));
}

let uploads = 0;
/** A file that nothing tells the features stage of: its place is not below `uploads/`. */
async function storeFile(): Promise<ObjectCreated> {
  uploads += 1;
  const key = `older/default/${uploads}.csv`;
  const put = new PutObjectCommand({
    Bucket: pipeline.bucket.name,
    Key: key,
    Body: CSV,
    Metadata: { 'as-of': '2024-01-31' },
  });
  const { ETag = '' } = await pipeline.client.send(put);
  const createdAt = new Date('2024-01-31T10:00:00Z');
  return { bucket: pipeline.bucket.name, key, etag: ETag.replaceAll('"', ''), sequencer: '1', createdAt };
}

/** What a version with fewer features has read of a file. */
function manifestOf(upload: ObjectCreated, features: readonly string[]): Manifest {
  return {
    ...draftManifest(upload, upload.createdAt.getTime()),
    asOf: '2024-01-31',
    rows: { read: 2, accepted: 2, rejected: 0, imputed: 0 },
    members: 2,
    batches: 1,
    features: [...features],
  };
}

function batchOf({ runId, features }: Manifest): Batch {
  const members = Object.keys(VALUES).map((memberId) => ({
    memberId,
    transactions: 1,
    imputedValues: 0,
    features: featuresOf(memberId, features),
  }));
  return { version: 2, runId, batch: 1, batches: 1, calls: ['ats', 'resp', 'offer'], members };
}

/** As the first contract had it: nothing says which it is, nor names features or calls. */
function ofFirstContract(object: Manifest | Batch): Record<string, unknown> {
  const { version: _version, calls: _calls, ...rest } = object;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'features'));
}

interface Older {
  manifest: Manifest;
  /** As they are stored. */
  objects: { manifest: unknown; batch: unknown };
}

async function older(features: readonly string[]): Promise<Older> {
  const manifest = manifestOf(await storeFile(), features);
  return { manifest, objects: { manifest, batch: batchOf(manifest) } };
}

/** Stores a run as it was when its batch had been written, which starts the predict stage. */
async function goOn({ manifest, objects }: Older): Promise<Summary> {
  await pipeline.bucket.writeJson(manifestKey(manifest.runId), objects.manifest);
  await pipeline.bucket.writeJson(batchKey(manifest.runId, 1), objects.batch);
  return endOf(manifest);
}

async function endOf({ partner, runId }: Manifest): Promise<Summary> {
  await pipeline.idle();
  const summary = await pipeline.bucket.readJsonIfThere(outputKey(partner, runId, 'summary'), summarySchema);
  if (summary === undefined) throw new Error(`no report of ${runId}: ${JSON.stringify(pipeline.failures)}`);
  return summary;
}

/** What models are sent that can do with any features. */
function requestsOfModels(): unknown[] {
  const requests: unknown[] = [];
  pipeline.intercept = ({ url, body }, reply) => {
    if (!url.startsWith('/ml/')) return undefined;
    requests.push(body);
    return reply.send({ prediction: 0.5 });
  };
  return requests;
}

async function membersOf({ partner, runId }: Manifest): Promise<ScoredMember[]> {
  const { chunks } = await pipeline.bucket.read(outputKey(partner, runId, 'members'));
  return Array.fromAsync(readJsonLines(chunks, scoredMemberSchema));
}

/** The features' columns of the workbook, by member. */
async function featureColumns({ partner, runId }: Manifest): Promise<Record<string, unknown>[]> {
  const rows = rowsOf((await pipeline.workbook(outputKey(partner, runId, 'workbook'))).getWorksheet('Members'));
  const isFeature = (name: string) => FIRST_FEATURES.some((feature) => feature === name);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => isFeature(name))));
}

/** Every reader of the run has found what it was begun with, and nothing else. */
async function expectFeatures(manifest: Manifest, names: readonly string[]): Promise<void> {
  const expected = Object.keys(VALUES).map((memberId) => featuresOf(memberId, names));
  const members = await membersOf(manifest);
  expect(members.map(({ features }) => features)).toEqual(expected);
  expect(members.map(({ features }) => Object.keys(features))).toEqual(expected.map(() => names));
  const columns = await featureColumns(manifest);
  expect(columns).toEqual(expected);
  expect(columns.map((row) => Object.keys(row))).toEqual(expected.map(() => names));
}

describe('a run that was begun before a feature was added', () => {
  it('ends with the features that its batches have', async () => {
    const run = await older(OLDER_FEATURES);
    const requests = requestsOfModels();
    expect(await goOn(run)).toMatchObject({ status: 'COMPLETE', members: { total: 2, scored: 2, failed: 0 } });
    const ann = featuresOf('ANN', OLDER_FEATURES);
    const ben = featuresOf('BEN', OLDER_FEATURES);
    expect(requests).toHaveLength(4);
    expect(requests).toEqual(expect.arrayContaining([ann, ann, ben, ben]));
    await expectFeatures(run.manifest, OLDER_FEATURES);
  });

  it('ends with them when its file has to be read again, and they are only planned', async () => {
    const upload = await storeFile();
    const planned: Plan = { ...manifestOf(upload, OLDER_FEATURES), batchSize: 2 };
    await pipeline.bucket.writeJson(planKey(planned.runId), planned);
    const requests = requestsOfModels();
    const manifest = await prepareRun(
      pipeline.bucket,
      upload,
      { minBatchSize: 1, maxBatches: 8 },
      { partners: PARTNERS },
    );
    expect(manifest.features).toEqual(OLDER_FEATURES);
    expect(await endOf(manifest)).toMatchObject({ status: 'COMPLETE', members: { total: 2, scored: 2, failed: 0 } });
    expect(requests).toContainEqual(featuresOf('BEN', OLDER_FEATURES));
    await expectFeatures(manifest, OLDER_FEATURES);
  });

  it('ends with them when a first batch is all that there is of it', async () => {
    const upload = await storeFile();
    const begun = manifestOf(upload, OLDER_FEATURES);
    const [first] = batchOf(begun).members;
    requestsOfModels();
    pipeline.admits = () => false;
    await pipeline.bucket.writeJson(batchKey(begun.runId, 1), { ...batchOf(begun), batches: 2, members: [first] });
    pipeline.admits = () => true;
    const manifest = await prepareRun(
      pipeline.bucket,
      upload,
      { minBatchSize: 2, maxBatches: 8 },
      { partners: PARTNERS },
    );
    expect(manifest).toMatchObject({ features: OLDER_FEATURES, batches: 2 });
    await pipeline.bucket.storeAgain(batchKey(begun.runId, 1));
    expect(await endOf(manifest)).toMatchObject({ status: 'COMPLETE', members: { total: 2, scored: 2, failed: 0 } });
    await expectFeatures(manifest, OLDER_FEATURES);
  });

  it('is ended with them when its members cannot be scored, and resumed with them', async () => {
    const run = await older(OLDER_FEATURES);
    pipeline.around = async (name, handle) => {
      if (name === 'predict') throw new Error('out of memory');
      return handle();
    };
    const failed = await goOn(run);
    expect(failed).toMatchObject({ status: 'FAILED', members: { total: 2, scored: 0, failed: 2 } });
    expect(failed.reason).toContain('out of memory');
    await expectFeatures(run.manifest, OLDER_FEATURES);
    pipeline.around = (_, handle) => handle();
    const requests = requestsOfModels();
    await pipeline.invoke('resume', { runId: run.manifest.runId });
    expect(await endOf(run.manifest)).toMatchObject({
      status: 'COMPLETE',
      members: { total: 2, scored: 2, failed: 0 },
    });
    expect(requests).toContainEqual(featuresOf('ANN', OLDER_FEATURES));
    await expectFeatures(run.manifest, OLDER_FEATURES);
  });

  it('ends with them when time ran out before, and part of it has been scored', async () => {
    const run = await older(OLDER_FEATURES);
    const { runId } = run.manifest;
    const [ann] = batchOf(run.manifest).members;
    const outcome = { status: 'SCORED', ats: 12, resp: 0.5, offer: 'OLDER' };
    const scored = { ...ann, outcome, latency: { total: 1 }, attempts: { ats: 1, resp: 1, offer: 1 } };
    requestsOfModels();
    const checkpoint = { version: 2, runId, batch: 1, members: [scored], continuations: 1 };
    await pipeline.bucket.writeJson(checkpointKey(runId, 1), checkpoint);
    const { offers, requests } = await goOn(run);
    expect(offers).toMatchObject({ OLDER: 1 });
    // The checkpoint does not say how many requests there were: one for ANN, as its attempts say; then one for BEN.
    expect(requests).toMatchObject({ ats: { sent: 2, rows: 2 }, offer: { sent: 2, rows: 2 } });
    await expectFeatures(run.manifest, OLDER_FEATURES);
  });
});

describe('a run that was begun before there were partner files', () => {
  /** What is deployed now: other columns, and other features. */
  const [time, member] = [DEFAULT.input.fields.time, DEFAULT.input.fields.member];
  const definition = definitionSchema.parse({
    input: { fields: { member: { ...member, titles: ['CUSTOMER'] }, time } },
    features: { VISITS: { count: 'transactions' } },
    models: DEFAULT.models,
  });
  const changed: Partners = { names: ['default'], read: () => ({ file: 'default.yml', digest: 'd', definition }) };
  const batching = { minBatchSize: 1, maxBatches: 8 };

  it('is read as all files were then, and carries none to its end', async () => {
    const upload = await storeFile();
    const planned: Plan = { ...manifestOf(upload, FIRST_FEATURES), version: 2, batchSize: 2 };
    await pipeline.bucket.writeJson(planKey(planned.runId), planned);
    requestsOfModels();
    const manifest = await prepareRun(pipeline.bucket, upload, batching, { partners: changed });
    expect(manifest).toMatchObject({ features: FIRST_FEATURES, members: 2 });
    expect(manifest.partnerFile).toBeUndefined();
    expect(await endOf(manifest)).toMatchObject({ status: 'COMPLETE', members: { total: 2, scored: 2, failed: 0 } });
    await expectFeatures(manifest, FIRST_FEATURES);
  });

  it('is another run than one that is begun now', async () => {
    const manifest = await prepareRun(pipeline.bucket, await storeFile(), batching, { partners: changed });
    expect(manifest.reason).toContain('CUSTOMER missing from the header');
    expect(manifest).toMatchObject({ features: ['VISITS'], partnerFile: { digest: 'd', definition } });
  });
});

describe('a run of the first contract, which names nothing', () => {
  it('ends with the features and calls that there were then', async () => {
    const run = await older(FIRST_FEATURES);
    const objects = {
      manifest: ofFirstContract(run.objects.manifest as Manifest),
      batch: ofFirstContract(run.objects.batch as Batch),
    };
    expect(await goOn({ ...run, objects })).toMatchObject({ status: 'COMPLETE', members: { scored: 2 } });
    await expectFeatures(run.manifest, FIRST_FEATURES);
  });
});

describe('a run that was begun with a feature that has been removed since', () => {
  const REMOVED = [...FIRST_FEATURES, 'AGE_OF_ACCOUNT'];

  it('ends with it when the batches have been written: no stage asks where a value comes from', async () => {
    const { manifest, objects } = await older(REMOVED);
    const [ann, ben] = batchOf(manifest).members;
    const members = [
      { ...ann, features: { ...ann?.features, AGE_OF_ACCOUNT: 7 } },
      { ...ben, features: { ...ben?.features, AGE_OF_ACCOUNT: 8 } },
    ];
    requestsOfModels();
    const run = { manifest, objects: { ...objects, batch: { ...batchOf(manifest), members } } };
    expect(await goOn(run)).toMatchObject({ status: 'COMPLETE' });
    const rows = rowsOf(
      (await pipeline.workbook(outputKey(manifest.partner, manifest.runId, 'workbook'))).getWorksheet('Members'),
    );
    expect(rows.map(({ AGE_OF_ACCOUNT }) => AGE_OF_ACCOUNT)).toEqual([7, 8]);
  });

  it('says what to do when its file would have to be read again', async () => {
    const upload = await storeFile();
    const planned: Plan = { ...manifestOf(upload, REMOVED), batchSize: 2 };
    await pipeline.bucket.writeJson(planKey(planned.runId), planned);
    await expect(
      prepareRun(pipeline.bucket, upload, { minBatchSize: 1, maxBatches: 8 }, { partners: PARTNERS }),
    ).rejects.toThrow(
      'the run has a feature AGE_OF_ACCOUNT, which this version of the service does not know: deploy the one that began it, or drop the file again',
    );
  });
});

describe('a run that was begun before a call was added', () => {
  const OLDER_CALLS = ['ats', 'offer'];

  async function olderCalls(calls: readonly string[]): Promise<Older> {
    const { manifest } = await older(FIRST_FEATURES);
    return {
      manifest,
      objects: { manifest: { ...manifest, calls }, batch: { ...batchOf(manifest), calls } },
    };
  }

  /** What the services were sent, by path; the offer service can do with any predictions. */
  function requests(): [path: string, body: unknown][] {
    const sent: [string, unknown][] = [];
    pipeline.intercept = ({ url, body }, reply) => {
      sent.push([url, body]);
      return reply.send(url.startsWith('/ml/') ? { prediction: 30 } : { offer: 'ANY' });
    };
    return sent;
  }

  it('ends with the calls that it was begun with', async () => {
    const run = await olderCalls(OLDER_CALLS);
    const sent = requests();
    const summary = await goOn(run);
    expect(summary).toMatchObject({
      status: 'COMPLETE',
      members: { total: 2, scored: 2, failed: 0 },
      offers: { ANY: 2 },
    });
    expect(sent).toHaveLength(4);
    expect(sent).not.toContainEqual(['/ml/resp/predict', expect.anything()]);
    expect(sent).toContainEqual(['/offer/assign', { ats_prediction: 30 }]);
    expect(summary.requests).toMatchObject({ ats: { sent: 2 }, resp: { sent: 0 }, offer: { sent: 2 } });
    expect(Object.keys(summary.predictions ?? {})).toEqual(['ats']);
    const [ann] = await membersOf(run.manifest);
    expect(ann?.outcome).toEqual({ status: 'SCORED', ats: 30, offer: 'ANY' });
    const rows = rowsOf(
      (await pipeline.workbook(outputKey(summary.partner, summary.runId, 'workbook'))).getWorksheet('Members'),
    );
    expect(rows[0]).toMatchObject({ ATS_PREDICTION: 30, RESP_PREDICTION: null, OFFER: 'ANY', ATTEMPTS: 2 });
  });

  it('is not taken for one of which a prediction got lost', async () => {
    const run = await olderCalls(['ats', 'resp', 'offer']);
    const { runId } = run.manifest;
    const [ann] = batchOf(run.manifest).members;
    const outcome = { status: 'SCORED', ats: 12, offer: 'A' };
    const members = [{ ...ann, outcome, latency: { total: 1 }, attempts: { ats: 1, resp: 1, offer: 1 } }];
    const span = { from: 1, to: 2 };
    await pipeline.bucket.writeJson(resultKey(runId, 1), { ...batchOf(run.manifest), members, wait: span, spans: {} });
    await expect(pipeline.bucket.readJson<unknown>(resultKey(runId, 1), resultSchema)).rejects.toThrow(
      'a scored member lacks a prediction',
    );
  });

  it('is ended with what to do when it has a call that there is no more', async () => {
    const summary = await goOn(await olderCalls(['ats', 'resp', 'churn', 'offer']));
    expect(summary).toMatchObject({ status: 'FAILED', members: { total: 2, scored: 0, failed: 2 } });
    expect(summary.reason).toContain(
      'the run has a call churn, which this version of the service does not know: deploy the one that began it, or drop the file again',
    );
  });
});

describe('the version of a contract', () => {
  const SCHEMAS = {
    plan: planSchema,
    manifest: manifestSchema,
    batch: batchSchema,
    checkpoint: checkpointSchema,
    result: resultSchema,
    round: roundSchema,
    completion: completionSchema,
    summary: summarySchema,
    end: endSchema,
  };

  it.each(Object.entries(SCHEMAS))('that is newer is refused for a %s, with what to do', async (name, schema) => {
    const key = `older/newer-${name}.json`;
    await pipeline.bucket.writeJson(key, { version: CONTRACT_VERSION + 1 });
    const reading = pipeline.bucket.readJson<unknown>(key, schema);
    await expect(reading).rejects.toBeInstanceOf(InvalidObjectError);
    await expect(pipeline.bucket.readJson<unknown>(key, schema)).rejects.toThrow(
      'is of a newer version of the service, which has to be deployed to go on with it',
    );
  });

  it('is in every object of a run that another stage reads', async () => {
    pipeline.intercept = (_, reply) => reply.code(400).send('no');
    const { runId, partner } = await pipeline.drop('versions.csv', CSV, '2024-01-31');
    pipeline.intercept = () => undefined;
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    const keys = [
      planKey(runId),
      manifestKey(runId),
      `runs/${runId}/round2.json`,
      `runs/${runId}/ended.json`,
      `runs/${runId}/ended.round2.json`,
      batchKey(runId, 1),
      batchKey(runId, 1, 2),
      resultKey(runId, 1),
      resultKey(runId, 1, 2),
      completionKey(runId, 1),
      completionKey(runId, 2),
      outputKey(partner, runId, 'summary'),
    ];
    for (const key of keys) {
      const { chunks } = await pipeline.bucket.read(key);
      const text = Buffer.concat(await Array.fromAsync(chunks)).toString();
      expect([key, JSON.parse(text).version]).toEqual([key, CONTRACT_VERSION]);
    }
  });
});
