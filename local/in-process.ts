import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { FastifyInstance } from 'fastify';
import { Bucket } from '../lib/storage/bucket.ts';
import { createS3Client } from '../lib/storage/s3-client.ts';
import { exampleAddresses } from './endpoints/example-calls.ts';
import { localEndpoints } from './endpoints/example-services.ts';
import { referenceAddresses } from './endpoints/stack-endpoints.ts';
import { EventRouter, type RoutingOptions } from './lambda/event-router.ts';
import { contextOf, type Handler, loadHandler } from './lambda/handler.ts';
import { readService, type Service } from './lambda/service.ts';
import { serveGuarded } from './process/guard.ts';
import { type LocalS3, startLocalS3 } from './s3/server.ts';
import type { CreatedObject } from './s3/store.ts';
import { addressesIn } from './stack.ts';

/** The function with the reference services is not run as a function: these are served beside the others. */
const ENDPOINTS = 'endpoints';

/** Runs around the handling of an event: before it, after it, or instead of it. */
export type Around = (functionName: string, handle: () => Promise<unknown>, event: unknown) => Promise<unknown>;

export interface InProcessOptions extends Omit<Partial<RoutingOptions>, 'invoke'> {
  /** Environment variables of the functions, which override those of serverless.yml. */
  environment?: Record<string, string>;
  /** Called with the reference endpoints before they listen. */
  prepare?: ((endpoints: FastifyInstance) => unknown) | undefined;
  /** Returns an address for S3 that is used instead of its own. */
  through?: ((s3: LocalS3) => Promise<string>) | undefined;
  around?: Around;
  /** The remaining time that a function's context returns, milliseconds; where undefined, the rest of its time-out. */
  timeLeftMs?: (functionName: string) => number | undefined;
}

/**
 * The whole service of serverless.yml in this process: the events of a real S3 API start its functions, which call the
 * reference endpoints over HTTP. Only one can run at a time, because it uses the environment of the process.
 */
export class InProcess {
  /** A client with the same address and keys as the functions. */
  readonly client: S3Client;
  readonly bucket: Bucket;
  readonly #servers: AsyncDisposableStack;
  readonly #router: EventRouter;
  readonly #invoke: (functionName: string, event: unknown, id: string) => Promise<unknown>;

  private constructor(
    bucket: string,
    servers: AsyncDisposableStack,
    router: EventRouter,
    invoke: (functionName: string, event: unknown, id: string) => Promise<unknown>,
  ) {
    this.#servers = servers;
    this.#router = router;
    this.#invoke = invoke;
    this.client = createS3Client();
    this.bucket = new Bucket(this.client, bucket);
  }

  static async start(options: InProcessOptions = {}): Promise<InProcess> {
    const { environment, prepare, through, around = (_, handle) => handle(), timeLeftMs, ...routing } = options;
    const service = readService();
    const bucket = bucketOf(service);
    // Without this, a start that fails would leave servers open, which keep the process from ending.
    await using servers = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-'));
    servers.defer(() => rm(directory, { recursive: true, force: true }));
    let receive = (_object: CreatedObject): unknown => undefined;
    const s3 = await startLocalS3({ directory, port: 0, bucket, onObjectCreated: (object) => receive(object) });
    servers.defer(() => s3.close());
    const endpoints = localEndpoints();
    servers.defer(() => endpoints.close());
    prepare?.(endpoints);
    const address = await serveGuarded(endpoints, 0);
    const addresses = addressesIn({
      s3: { ...s3.credentials, region: s3.region, endpoint: (await through?.(s3)) ?? s3.endpoint },
      bucket,
      endpoints: referenceAddresses(address),
      examples: exampleAddresses(address),
    });
    Object.assign(process.env, service.environment, addresses, environment);
    const invoke = invoker(service, await loadHandlers(service), timeLeftMs);
    const router = new EventRouter(service, {
      concurrencyOf: (functionName) => service.function(functionName).reservedConcurrency ?? service.local.concurrency,
      ...routing,
      invoke: (functionName, event, id) => around(functionName, () => invoke(functionName, event, id), event),
    });
    receive = (object) => router.receive(object);
    return new InProcess(bucket, servers.move(), router, invoke);
  }

  /** Invokes a function with an event asynchronously, as Lambda does for events of S3. */
  dispatch(functionName: string, event: unknown): void {
    this.#router.dispatch(functionName, event);
  }

  /** Invokes a function synchronously, as `sls invoke` does. @throws the error of the function */
  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#invoke(functionName, event, randomUUID());
  }

  /** Resolves when all events are handled. */
  idle(): Promise<void> {
    return this.#router.idle();
  }

  /** Waits until all events are handled, and then ends the servers and deletes all objects. */
  async stop(): Promise<void> {
    await this.idle();
    this.#router.close();
    this.client.destroy();
    await this.#servers.disposeAsync();
  }
}

/** The bucket whose events start the functions. */
function bucketOf({ buckets }: Service): string {
  const [bucket] = Object.values(buckets);
  if (bucket === undefined) throw new Error('serverless.yml names no bucket');
  return bucket.name;
}

/** Loads the handlers. They read the environment when they are loaded, so it has to be set before. */
async function loadHandlers({ functions }: Service): Promise<Map<string, Handler>> {
  const handlers = new Map<string, Handler>();
  for (const [name, { handler }] of Object.entries(functions)) {
    if (name !== ENDPOINTS) handlers.set(name, await loadHandler(handler));
  }
  return handlers;
}

function invoker(
  service: Service,
  handlers: ReadonlyMap<string, Handler>,
  timeLeftMs: InProcessOptions['timeLeftMs'] = () => undefined,
) {
  return async (functionName: string, event: unknown, id: string): Promise<unknown> => {
    const definition = service.function(functionName);
    const endsAt = performance.now() + definition.timeout * 1000;
    const leftMs = () => timeLeftMs(functionName) ?? endsAt - performance.now();
    const context = contextOf(functionName, definition, id, leftMs);
    return handlers.get(functionName)?.(event, context);
  };
}
