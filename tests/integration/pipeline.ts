import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrayBuffer } from 'node:stream/consumers';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Context, S3Event } from 'aws-lambda';
import ExcelJS from 'exceljs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Bucket, createS3Client } from '../../lib/bucket.ts';
import { summarySchema } from '../../lib/contracts.ts';
import { referenceEndpoints } from '../../lib/endpoints/reference.ts';
import { createDispatcher } from '../../local/dispatcher.ts';
import { notificationOf, subscribersOf, subscriptionsOf } from '../../local/notification.ts';
import { type LocalS3, startLocalS3 } from '../../local/s3.ts';

const BUCKET = 'offers';

const created = (prefix: string) => ({ events: [{ s3: { bucket: BUCKET, rules: [{ prefix }] } }] });

/** As in serverless.yml. */
const SUBSCRIPTIONS = subscriptionsOf({
  features: created('uploads/'),
  predict: created('batches/'),
  report: created('completed/'),
});

/** Looks at a request before the reference endpoints do; a returned reply is the answer. */
export type Interception = (request: FastifyRequest, reply: FastifyReply) => unknown;

type Handler = (event: S3Event, context: Context) => Promise<unknown>;

/**
 * The whole program in this process: the three handlers, started by the events of a real S3 API, calling the
 * reference endpoints over HTTP.
 */
export class Pipeline {
  readonly #directory: string;
  readonly #endpoints: FastifyInstance;
  readonly #s3: LocalS3;
  readonly #dispatcher: ReturnType<typeof createDispatcher>;
  readonly client: S3Client;
  readonly bucket: Bucket;
  /** Requests that reached the endpoints, by path. */
  readonly calls: string[] = [];
  /** Every event that was delivered, to be delivered again. */
  readonly deliveries: { functionName: string; event: S3Event }[] = [];
  /** Events that failed for good. */
  readonly failures: unknown[] = [];
  intercept: Interception = () => undefined;

  private constructor(parts: {
    directory: string;
    endpoints: FastifyInstance;
    s3: LocalS3;
    handlers: Map<string, Handler>;
  }) {
    this.#directory = parts.directory;
    this.#endpoints = parts.endpoints;
    this.#s3 = parts.s3;
    this.client = createS3Client();
    this.bucket = new Bucket(this.client, BUCKET);
    this.#dispatcher = createDispatcher({
      invoke: async (functionName, event) => parts.handlers.get(functionName)?.(event as S3Event, {} as Context),
      concurrencyOf: () => 4,
      retries: 0,
      onExhausted: (failure) => this.failures.push(failure),
      log: () => undefined,
    });
  }

  static async start(): Promise<Pipeline> {
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-'));
    let pipeline: Pipeline | undefined;
    const s3 = await startLocalS3({
      directory,
      port: 0,
      bucket: BUCKET,
      onObjectCreated: (object) => {
        for (const functionName of subscribersOf(object, SUBSCRIPTIONS)) {
          pipeline?.deliver(functionName, notificationOf(object));
        }
      },
    });
    const endpoints = referenceEndpoints();
    endpoints.addHook('preHandler', async (request, reply) => {
      pipeline?.calls.push(request.url);
      return pipeline?.intercept(request, reply);
    });
    setEnvironment(s3, await endpoints.listen({ port: 0, host: '127.0.0.1' }));
    // Imported only now: handlers read their environment when they are loaded.
    const handlers = new Map<string, Handler>();
    for (const name of ['features', 'predict', 'report']) {
      handlers.set(name, (await import(`../../functions/${name}.ts`)).handler);
    }
    pipeline = new Pipeline({ directory, endpoints, s3, handlers });
    return pipeline;
  }

  /** Starts a function with an event, and remembers both. */
  deliver(functionName: string, event: S3Event): void {
    this.deliveries.push({ functionName, event });
    this.#dispatcher.dispatch(functionName, event);
  }

  /** Resolves when nothing is under way any more. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  /** Drops a file and waits for the end of its run. */
  async drop(name: string, body: string | Buffer, asOf?: string) {
    const key = `uploads/default/${name}`;
    const Metadata: Record<string, string> = asOf === undefined ? {} : { 'as-of': asOf };
    await this.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, Metadata }));
    await this.idle();
    const summaries = (await this.bucket.list('reports/')).filter((report) => report.endsWith('summary.json'));
    const runs = await Promise.all(summaries.map((summary) => this.bucket.readJson(summary, summarySchema)));
    const ofThisFile = runs
      .filter(({ source }) => source.key === key)
      .toSorted((a, b) => a.runId.localeCompare(b.runId));
    const summary = ofThisFile.at(-1);
    if (summary === undefined) throw new Error(`no report for ${key}; failures: ${JSON.stringify(this.failures)}`);
    return summary;
  }

  /** Reads a workbook back with exceljs's reader. */
  async workbook(reportKey: string): Promise<ExcelJS.Workbook> {
    const { chunks } = await this.bucket.read(reportKey);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(await arrayBuffer(chunks));
    return workbook;
  }

  async stop(): Promise<void> {
    await this.idle();
    this.#dispatcher.close();
    this.client.destroy();
    await this.#endpoints.close();
    await this.#s3.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function setEnvironment(s3: LocalS3, endpoints: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
    ATS_URL: `${endpoints}/ml/ats/predict`,
    RESP_URL: `${endpoints}/ml/resp/predict`,
    OFFER_URL: `${endpoints}/offer/assign`,
    MIN_BATCH_SIZE: '25',
    MAX_BATCHES: '8',
    CONCURRENCY: '8',
    TIMEOUT_MS: '5000',
    MAX_ATTEMPTS: '3',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
}

/** A sheet's rows as objects by the names in its header row. */
export function rowsOf(sheet: ExcelJS.Worksheet | undefined): Record<string, unknown>[] {
  if (sheet === undefined) throw new Error('no such sheet');
  const header = sheet.getRow(1).values as string[];
  const rows: Record<string, unknown>[] = [];
  sheet.eachRow((row, number) => {
    if (number === 1) return;
    rows.push(Object.fromEntries(header.map((name, column) => [name, row.getCell(column).value]).slice(1)));
  });
  return rows;
}
