import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrayBuffer } from 'node:stream/consumers';
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import ExcelJS from 'exceljs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { referenceEndpoints } from '../../../lib/endpoints/reference-services.ts';
import { outputKey, uploadKey } from '../../../lib/run/keys.ts';
import type { Output } from '../../../lib/run/outputs.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { createS3Client } from '../../../lib/storage/s3-client.ts';
import { failedInvocation, failureDestinationOf } from '../../../local/lambda/destinations.ts';
import { createDispatcher } from '../../../local/lambda/dispatcher.ts';
import { notificationOf, subscribersOf, subscriptionsOf } from '../../../local/lambda/notification.ts';
import { type LocalS3, startLocalS3 } from '../../../local/s3/server.ts';

const BUCKET = 'offers';

const created = (prefix: string) => ({
  events: [{ s3: { bucket: BUCKET, rules: [{ prefix }] } }],
  destinations: { onFailure: 'onFailure' },
});

/** As in serverless.yml. */
const FUNCTIONS = {
  features: created('uploads/'),
  predict: created('batches/'),
  report: created('completed/'),
  onFailure: {},
  resume: {},
};
const SUBSCRIPTIONS = subscriptionsOf(FUNCTIONS);

const FILES = { features: 'features', predict: 'predict', report: 'report', onFailure: 'on-failure', resume: 'resume' };

/** Looks at a request before the reference endpoints do; a returned reply is the answer. */
export type Interception = (request: FastifyRequest, reply: FastifyReply) => unknown;

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Does something before or after an event is handled, or instead of it. */
export type Wrapper = (functionName: string, handle: () => Promise<unknown>, event: unknown) => Promise<unknown>;

export interface PipelineOptions {
  environment?: Record<string, string>;
  prepare?: (endpoints: FastifyInstance) => unknown;
  through?: (s3: LocalS3) => Promise<string>;
}

/**
 * The whole program in this process: the three handlers, started by the events of a real S3 API, calling the
 * reference endpoints over HTTP.
 */
export class Pipeline {
  readonly #directory: string;
  readonly #endpoints: FastifyInstance;
  readonly #s3: LocalS3;
  readonly #dispatcher: ReturnType<typeof createDispatcher>;
  readonly #handle: (functionName: string, event: unknown, id?: string) => Promise<unknown>;
  readonly client: S3Client;
  readonly bucket: Bucket;
  /** Requests that reached the endpoints, by path. */
  readonly calls: string[] = [];
  /** Every event that was delivered, to be delivered again. */
  readonly deliveries: { functionName: string; event: unknown }[] = [];
  /** Events that failed for good. */
  readonly failures: unknown[] = [];
  intercept: Interception = () => undefined;
  around: Wrapper = (_, handle) => handle();
  /** Whether an event of S3's is delivered. */
  admits: (functionName: string) => boolean = () => true;
  /** Further attempts after a failed one. */
  retries = 0;
  /** What a function's context says, milliseconds. */
  timeLeftMs = 900_000;

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
    this.#handle = async (functionName, event, awsRequestId = randomUUID()) => {
      const context = { awsRequestId, getRemainingTimeInMillis: () => this.timeLeftMs } as Context;
      return parts.handlers.get(functionName)?.(event, context);
    };
    this.#dispatcher = createDispatcher({
      invoke: (functionName, event, id) =>
        this.around(functionName, () => this.#handle(functionName, event, id), event),
      concurrencyOf: () => 4,
      retriesOf: () => this.retries,
      delay: () => Promise.resolve(),
      onExhausted: (failure) => {
        this.failures.push(failure);
        const destination = failureDestinationOf(failure.functionName, FUNCTIONS);
        if (destination !== undefined) this.deliver(destination, failedInvocation(failure, new Date()));
      },
      log: () => undefined,
    });
  }

  /**
   * @param environment of the handlers, where it is to differ
   * @param prepare is given the reference endpoints before they listen
   * @param through gives the address by which S3 is to be reached instead of its own
   */
  static async start({ environment, prepare, through }: PipelineOptions = {}): Promise<Pipeline> {
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-'));
    let pipeline: Pipeline | undefined;
    const s3 = await startLocalS3({
      directory,
      port: 0,
      bucket: BUCKET,
      onObjectCreated: (object) => {
        for (const functionName of subscribersOf(object, SUBSCRIPTIONS)) {
          if (pipeline?.admits(functionName)) pipeline.deliver(functionName, notificationOf(object));
        }
      },
    });
    const endpoints = referenceEndpoints();
    endpoints.addHook('preHandler', async (request, reply) => {
      pipeline?.calls.push(request.url);
      return pipeline?.intercept(request, reply);
    });
    prepare?.(endpoints);
    const address = await endpoints.listen({ port: 0, host: '127.0.0.1' });
    setEnvironment({ ...s3, endpoint: (await through?.(s3)) ?? s3.endpoint }, address);
    Object.assign(process.env, environment);
    // Imported only now: handlers read their environment when they are loaded.
    const handlers = new Map<string, Handler>();
    for (const [name, file] of Object.entries(FILES)) {
      handlers.set(name, (await import(`../../../functions/${file}.ts`)).handler);
    }
    pipeline = new Pipeline({ directory, endpoints, s3, handlers });
    return pipeline;
  }

  /** Starts a function with an event, and remembers both. */
  deliver(functionName: string, event: unknown): void {
    this.deliveries.push({ functionName, event });
    this.#dispatcher.dispatch(functionName, event);
  }

  /** Runs a function by hand, as `sls invoke` does. */
  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#handle(functionName, event);
  }

  /** Resolves when nothing is under way any more. */
  idle(): Promise<void> {
    return this.#dispatcher.idle();
  }

  /** As it was at the start, but for the bucket. */
  reset(): void {
    this.calls.length = 0;
    this.deliveries.length = 0;
    this.failures.length = 0;
    this.intercept = () => undefined;
    this.around = (_, handle) => handle();
    this.admits = () => true;
    this.deliver = Pipeline.prototype.deliver;
    this.retries = 0;
    this.timeLeftMs = 900_000;
  }

  /** Deletes an object, as a person may. */
  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  }

  /** Drops a file and does not wait. */
  async put(name: string, body: string | Buffer, asOf?: string): Promise<void> {
    const Metadata: Record<string, string> = asOf === undefined ? {} : { 'as-of': asOf };
    const Key = uploadKey('default', name);
    await this.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body, Metadata }));
  }

  /** Drops a file and waits for the end of its run. */
  async drop(name: string, body: string | Buffer, asOf?: string) {
    await this.put(name, body, asOf);
    await this.idle();
    const summary = (await this.summariesOf(name)).at(-1);
    if (summary === undefined) throw new Error(`no report for ${name}; failures: ${JSON.stringify(this.failures)}`);
    return summary;
  }

  /** What all runs of a file came to, the latest last. */
  async summariesOf(name: string): Promise<Summary[]> {
    const summaries: Summary[] = [];
    for await (const { key } of this.bucket.objects('reports/')) {
      if (!key.endsWith('/summary.json')) continue;
      const summary = await this.bucket.readJson(key, summarySchema);
      if (summary.source.key === uploadKey('default', name)) summaries.push(summary);
    }
    return summaries.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
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

function setEnvironment(s3: Pick<LocalS3, 'endpoint' | 'region' | 'credentials'>, endpoints: string): void {
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
    TIME_RESERVE_MS: '1000',
    BUCKET,
    STALLED_AFTER_MINUTES: '30',
    EVENT_HOURS: '6',
    WINDOW_HOURS: '24',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
}

/** Where an output of a run's report lies. */
export function outputOf({ partner, runId }: Pick<Summary, 'partner' | 'runId'>, output: Output): string {
  return outputKey(partner, runId, output);
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
