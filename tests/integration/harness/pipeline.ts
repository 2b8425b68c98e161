import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type ExcelJS from 'exceljs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { outputKey, uploadKey } from '../../../lib/run/keys.ts';
import type { Output } from '../../../lib/run/outputs.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import type { Bucket } from '../../../lib/storage/bucket.ts';
import { type Around, InProcess, type InProcessOptions } from '../../../local/in-process.ts';
import { readService } from '../../../local/lambda/service.ts';
import { CALL_DEFINITION, type Call, mapCalls } from '../../default-calls.ts';
import { workbookOf } from './workbook.ts';

/** For small files: several batches of them, and no patience. */
const ENVIRONMENT = {
  MIN_BATCH_SIZE: '25',
  MAX_BATCHES: '8',
  CONCURRENCY: '8',
  MAX_ATTEMPTS: '3',
  TIME_RESERVE_MS: '1000',
  STALLED_AFTER_MINUTES: '30',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

const CONCURRENT_INVOCATIONS = 4;
/** However long something takes. */
const TIME_LEFT_MS = readService().function('predict').timeout * 1000;

/** Looks at a request before the reference endpoints do; a returned reply is the answer. */
export type Interception = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** What a test may change about the service before it starts; `around` holds for each test that has none of its own. */
export type PipelineOptions = Pick<InProcessOptions, 'environment' | 'prepare' | 'through' | 'around'>;

/**
 * The whole service in this process for the tests of a file, or of a `describe`: started before the first of them, as it
 * was at the start before each, but for its bucket, and ended after the last.
 *
 * @param options may be made when it starts, which is after what `beforeAll` does further up
 */
export function usePipeline(options: PipelineOptions | (() => PipelineOptions) = {}): Pipeline {
  const pipeline = new Pipeline();
  beforeAll(() => pipeline.start(typeof options === 'function' ? options() : options), 120_000);
  beforeEach(() => pipeline.reset());
  afterAll(() => pipeline.stop());
  return pipeline;
}

/** The service, and what tests let happen to it. */
export class Pipeline {
  #started: InProcess | undefined;
  #around: Around = (_, handle) => handle();
  /** Requests that reached the endpoints, by path. */
  readonly calls: string[] = [];
  /** Every event that was delivered, to be delivered again. */
  readonly deliveries: { functionName: string; event: unknown }[] = [];
  /** Events that failed for good. */
  readonly failures: unknown[] = [];
  intercept: Interception = () => undefined;
  around: Around = this.#around;
  /** Whether an event for a function is delivered. */
  admits: (functionName: string) => boolean = () => true;
  /** Further attempts after a failed one. */
  retries = 0;
  /** What the context of `predict` says, milliseconds; that of all others says enough, however long something takes. */
  predictTimeLeftMs = TIME_LEFT_MS;

  async start({ environment, prepare, through, around = this.#around }: PipelineOptions): Promise<void> {
    this.#around = around;
    this.#started = await InProcess.start({
      environment: { ...ENVIRONMENT, ...environment },
      prepare: (endpoints) => {
        endpoints.addHook('preHandler', async (request, reply) => {
          this.calls.push(request.url);
          return this.intercept(request, reply);
        });
        prepare?.(endpoints);
      },
      through,
      deliver: (functionName, event) => {
        if (this.admits(functionName)) this.deliver(functionName, event);
      },
      around: (functionName, handle, event) => this.around(functionName, handle, event),
      onFailed: (failure) => this.failures.push(failure),
      timeLeftMs: (functionName) => (functionName === 'predict' ? this.predictTimeLeftMs : TIME_LEFT_MS),
      concurrencyOf: () => CONCURRENT_INVOCATIONS,
      retriesOf: () => this.retries,
      delay: () => Promise.resolve(),
      log: () => undefined,
    });
  }

  get #service(): InProcess {
    if (this.#started === undefined) throw new Error('the service has not been started');
    return this.#started;
  }

  get bucket(): Bucket {
    return this.#service.bucket;
  }

  get client(): S3Client {
    return this.#service.client;
  }

  /** Starts a function with an event, and remembers both. */
  deliver(functionName: string, event: unknown): void {
    this.deliveries.push({ functionName, event });
    this.#service.dispatch(functionName, event);
  }

  /** Runs a function by hand, as `sls invoke` does. */
  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#service.invoke(functionName, event);
  }

  /** Resolves when nothing is under way any more. */
  idle(): Promise<void> {
    return this.#service.idle();
  }

  /** As it was at the start, but for the bucket. */
  reset(): void {
    this.calls.length = 0;
    this.deliveries.length = 0;
    this.failures.length = 0;
    this.intercept = () => undefined;
    this.around = this.#around;
    this.admits = () => true;
    this.deliver = Pipeline.prototype.deliver;
    this.retries = 0;
    this.predictTimeLeftMs = TIME_LEFT_MS;
  }

  /** Deletes an object, as a person may. */
  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket.name, Key: key }));
  }

  /** Drops a file and does not wait. */
  async put(name: string, body: string | Buffer, asOf?: string, partner = 'default'): Promise<void> {
    const Metadata: Record<string, string> = asOf === undefined ? {} : { 'as-of': asOf };
    const Key = uploadKey(partner, name);
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket.name, Key, Body: body, Metadata }));
  }

  /** Drops a file and waits for the end of its run. */
  async drop(name: string, body: string | Buffer, asOf?: string, partner = 'default') {
    await this.put(name, body, asOf, partner);
    await this.idle();
    const summary = (await this.summariesOf(name, partner)).at(-1);
    if (summary === undefined) throw new Error(`no report for ${name}; failures: ${JSON.stringify(this.failures)}`);
    return summary;
  }

  /** What all runs of a file came to, the latest last. */
  async summariesOf(name: string, partner = 'default'): Promise<Summary[]> {
    const summaries: Summary[] = [];
    for await (const { key } of this.bucket.objects('reports/')) {
      if (!key.endsWith('/summary.json')) continue;
      const summary = await this.bucket.readJson(key, summarySchema);
      if (summary.source.key === uploadKey(partner, name)) summaries.push(summary);
    }
    return summaries.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  /** See `workbookOf`. */
  async workbook(reportKey: string): Promise<ExcelJS.Workbook> {
    return workbookOf((await this.bucket.read(reportKey)).chunks);
  }

  async stop(): Promise<void> {
    await this.#started?.stop();
  }
}

/** Where the endpoints are, as the functions find them. */
export function endpointUrls(): Record<Call, URL> {
  return mapCalls((call) => new URL(process.env[CALL_DEFINITION[call].urlVariable] ?? ''));
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
