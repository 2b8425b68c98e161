import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import type { Partners } from '../../../lib/partners/partners.ts';
import { batchSchema, type Manifest, type Plan, planSchema } from '../../../lib/run/contracts.ts';
import { batchKey, manifestKey, planKey, rejectedRowsKey } from '../../../lib/run/keys.ts';
import type { ObjectCreated } from '../../../lib/run/object-created.ts';
import { prepareRun } from '../../../lib/stages/features/prepare-run.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { readJsonLines } from '../../../lib/storage/json-lines.ts';
import { rejectedRowSchema } from '../../../lib/transactions/row-account.ts';
import { partnersOf } from '../../builders/partners.ts';
import { DEFAULT } from '../../default-partner.ts';
import { usePipeline } from '../harness/pipeline.ts';

const pipeline = usePipeline();

const BATCHING = { minBatchSize: 10, maxBatches: 1 };

/** A European retailer's. */
const RETAILER = definitionSchema.parse({
  input: {
    missingValues: ['-', 'k.A.'],
    fields: {
      member: { titles: ['Kundennummer'], type: 'string', required: true },
      time: {
        titles: ['Datum'],
        type: 'datetime',
        format: '%d.%m.%Y %H:%M',
        timezone: 'Europe/Berlin',
        required: true,
      },
      art: { titles: ['Vorgang'], type: 'string', enum: { purchase: ['Kauf', 'K'], return: ['Rückgabe'] } },
      amount: { titles: ['Betrag'], type: 'number', decimalChar: ',', groupChar: '.', bareNumber: false, unit: 'EUR' },
    },
  },
  features: {
    SPEND_90D: { sum: 'amount', days: 90, where: { art: 'purchase' } },
    AVG_SPEND: { mean: 'amount', default: 0 },
    RETURN_SHARE: { share: { art: 'return' } },
    VISITS: { count: 'transactions' },
    DAYS_SINCE_LAST: { daysSinceLast: 'time' },
  },
  models: { spend: { title: 'spend', url: 'https://models.example/spend' } },
});

const RETAILER_CSV = `Filiale;Kundennummer;Datum;Vorgang;Betrag
1;ANNA;31.01.2024 00:30;Kauf;1.234,50 €
1;ANNA;1.12.2023 10:15;Rückgabe;-34,50
2;BERT;01.01.2020 08:00;k;k.A.
2;BERT;2.1.2020 08:00;Kauf;10,00
2;BERT;31.01.2024 23:45;Kauf;99
2;BERT;01.02.2024 00:15;Kauf;99
3;;31.01.2024 00:30;Kauf;1
3;CARL;2024-01-31;Kauf;1
3;CARL;31.01.2024 10:15;Kauf;1.5
3;CARL;31.01.2024 10:15;Tausch;1,5
`;

const PARTNERS = partnersOf({ retailer: RETAILER, default: DEFAULT });

let uploads = 0;
/** A file of which nobody is told, because it is not below `uploads/`, but in a place with a name as long. */
async function store(partner: string, body: string): Promise<ObjectCreated> {
  uploads += 1;
  const key = `archive/${partner}/${uploads}.csv`;
  const object = { Bucket: pipeline.bucket.name, Key: key, Body: body, Metadata: { 'as-of': '2024-01-31' } };
  const { ETag = '' } = await pipeline.client.send(new PutObjectCommand(object));
  const createdAt = new Date('2024-01-31T10:00:00Z');
  // The partner is told by the key of the upload.
  return { bucket: object.Bucket, key, etag: ETag.replaceAll('"', ''), sequencer: String(uploads), createdAt };
}

async function prepare(upload: ObjectCreated, partners: Partners): Promise<Manifest> {
  pipeline.admits = () => false;
  return prepareRun(pipeline.bucket, upload, BATCHING, { partners });
}

async function membersOf({ runId }: Pick<Manifest, 'runId'>): Promise<Record<string, Record<string, number>>> {
  const { members } = await pipeline.bucket.readJson(batchKey(runId, 1), batchSchema);
  return Object.fromEntries(members.map(({ memberId, features }) => [memberId, features]));
}

describe('a partner with a file of its own', () => {
  it('has its columns, dates, numbers, words and features', async () => {
    const manifest = await prepare(await store('retailer', RETAILER_CSV), PARTNERS);
    expect(manifest.reason).toBeUndefined();
    expect(manifest).toMatchObject({
      partner: 'retailer',
      // BERT’s row of 00:15 on the 1st in Berlin is after the as-of day, though it is of the 31st, UTC.
      rows: { read: 10, accepted: 5, rejected: 5, imputed: 1 },
      members: 2,
      features: ['SPEND_90D', 'AVG_SPEND', 'RETURN_SHARE', 'VISITS', 'DAYS_SINCE_LAST'],
      partnerFile: { file: 'retailer.yml', digest: 'aaaaaaaaaaaa', definition: RETAILER },
    });
    expect(await membersOf(manifest)).toEqual({
      // (1,234.50 − 34.50) / 2; 00:30 on the 31st in Berlin is the 30th, UTC, but of the as-of day all the same.
      ANNA: { SPEND_90D: 1234.5, AVG_SPEND: 600, RETURN_SHARE: 0.5, VISITS: 2, DAYS_SINCE_LAST: 0 },
      // (10 + 99) / 2: one has no amount.
      BERT: { SPEND_90D: 99, AVG_SPEND: 54.5, RETURN_SHARE: 0, VISITS: 3, DAYS_SINCE_LAST: 0 },
    });
    const { chunks } = await pipeline.bucket.read(rejectedRowsKey(manifest.runId));
    const reasons = (await Array.fromAsync(readJsonLines(chunks, rejectedRowSchema))).map(({ reason }) => reason);
    expect(reasons).toEqual([
      'Datum "01.02.2024 00:15" is after the as-of day',
      'Kundennummer is blank',
      'Datum "2024-01-31" is not a date or time as %d.%m.%Y %H:%M reads it',
      'Betrag "1.5" is not a number by decimalChar: ",", groupChar: ".", bareNumber: false, which allows a currency or a percent sign beside it',
      'Vorgang "Tausch" is not purchase or return',
    ]);
  });

  it('is told what its file lacks', async () => {
    const csv = RETAILER_CSV.replace('Kundennummer', 'Kundenumer').replace('Betrag', 'Preis');
    const { reason, batches } = await prepare(await store('retailer', csv), PARTNERS);
    expect(batches).toBe(0);
    expect(reason).toBe(
      'Kundennummer, Betrag missing from the header, which is "Filiale;Kundenumer;Datum;Vorgang;Preis"; Kundennummer may be "Kundenumer"',
    );
  });
});

describe('a partner without a file', () => {
  const CSV = `MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD
A,2024-01-30,buy,100,2
`;

  it('has that of default.yml', async () => {
    const manifest = await prepare(await store('nobody', CSV), PARTNERS);
    expect(manifest).toMatchObject({ partner: 'nobody', members: 1, partnerFile: { file: 'default.yml' } });
  });

  it('is FAILED with the names of those that there are, where there is no default', async () => {
    const manifest = await prepare(await store('nobody', CSV), partnersOf({ retailer: RETAILER, grocer: RETAILER }));
    expect(manifest).toMatchObject({ members: 0, batches: 0 });
    expect(manifest.reason).toMatch(
      /^unknown partner: there is no partners\/nobody.yml, nor a default.yml for all others; there is retailer and grocer\. /,
    );
    expect(manifest.partnerFile).toBeUndefined();
  });
});

describe('a run keeps to the definition it began with', () => {
  const LATER = partnersOf(
    { retailer: definitionSchema.parse({ ...RETAILER, features: { ROWS: { count: 'transactions' } } }) },
    'bbbbbbbbbbbb',
  );

  /** Stores the plan of an attempt that went no further. */
  async function planned(upload: ObjectCreated): Promise<Plan> {
    const { runId } = await prepare(upload, PARTNERS);
    const plan = await pipeline.bucket.readJson(planKey(runId), planSchema);
    for (const key of [manifestKey(runId), batchKey(runId, 1)]) await remove(key);
    return plan;
  }

  it('in another attempt, whatever is deployed then', async () => {
    const upload = await store('retailer', RETAILER_CSV);
    const plan = await planned(upload);
    const manifest = await prepare(upload, LATER);
    expect(manifest).toMatchObject({ features: plan.features, partnerFile: plan.partnerFile, members: 2 });
    expect(manifest.partnerFile?.digest).toBe('aaaaaaaaaaaa');
    expect(Object.keys((await membersOf(manifest)).ANNA ?? {})).toEqual(Object.keys(RETAILER.features));
  });

  it('also when the partner has no file any more', async () => {
    const upload = await store('retailer', RETAILER_CSV);
    await planned(upload);
    expect(await prepare(upload, partnersOf({ grocer: RETAILER }))).toMatchObject({ members: 2, batches: 1 });
  });

  it('so that an attempt that has read by another file gives way', async () => {
    const upload = await store('retailer', RETAILER_CSV);
    const plan = await planned(upload);
    await remove(planKey(plan.runId));
    const overtaken = new OvertakenBucket(pipeline.client, pipeline.bucket.name, plan);
    const late = partnersOf({ retailer: RETAILER }, 'cccccccccccc');
    await expect(prepareRun(overtaken, upload, BATCHING, { partners: late })).rejects.toThrow(
      'otherwise: 10 rows of 2 members as of 2024-01-31, by retailer.yml (aaaaaaaaaaaa), not 10 rows of 2 members as of 2024-01-31, by retailer.yml (cccccccccccc)',
    );
  });
});

async function remove(Key: string): Promise<void> {
  await pipeline.client.send(new DeleteObjectCommand({ Bucket: pipeline.bucket.name, Key }));
}

/** In which another attempt stores its plan just before this one does. */
class OvertakenBucket extends Bucket {
  readonly #plan: Plan;

  constructor(client: S3Client, name: string, plan: Plan) {
    super(client, name);
    this.#plan = plan;
  }

  override async createJson(key: string, value: unknown, metadata?: Record<string, string>): Promise<boolean> {
    if (key === planKey(this.#plan.runId)) await super.createJson(key, this.#plan);
    return super.createJson(key, value, metadata);
  }
}
