import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { FastifyInstance } from 'fastify';
import { referenceEndpoints } from '../lib/endpoints/reference-services.ts';
import { Bucket } from '../lib/storage/bucket.ts';
import { createS3Client } from '../lib/storage/s3-client.ts';
import { referenceAddresses } from './endpoints/stack-endpoints.ts';
import { EventRouter, type RoutingOptions } from './lambda/event-router.ts';
import { contextOf, type Handler, loadHandler } from './lambda/handler.ts';
import { readService, type Service } from './lambda/service.ts';
import { serveGuarded } from './process/guard.ts';
import { type LocalS3, startLocalS3 } from './s3/server.ts';
import type { CreatedObject } from './s3/store.ts';
import { addressesIn } from './stack.ts';

/** The reference services are no part of what is run: they are served beside it. */
const ENDPOINTS = 'endpoints';

/** Does something before or after an event is handled, or instead of it. */
export type Around = (functionName: string, handle: () => Promise<unknown>, event: unknown) => Promise<unknown>;

export interface InProcessOptions extends Omit<Partial<RoutingOptions>, 'invoke'> {
  /** Variables of the functions, before what serverless.yml has. */
  environment?: Record<string, string>;
  /** Is given the reference endpoints before they listen. */
  prepare?: ((endpoints: FastifyInstance) => unknown) | undefined;
  /** Gives the address by which S3 is to be reached instead of its own. */
  through?: ((s3: LocalS3) => Promise<string>) | undefined;
  around?: Around;
  /** What a function is told of the time that it has, milliseconds; what is left of its time-out unless this is given. */
  timeLeftMs?: () => number;
}

/**
 * The whole service of serverless.yml in this process: its functions, started by the events of a real S3 API, calling the
 * reference endpoints over HTTP. One at a time: its environment is the process's.
 */
export class InProcess {
  /** S3's address and keys as the functions have them. */
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
    // Else a start that fails would leave something behind that keeps the process from ending.
    await using servers = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-'));
    servers.defer(() => rm(directory, { recursive: true, force: true }));
    let receive = (_object: CreatedObject): unknown => undefined;
    const s3 = await startLocalS3({ directory, port: 0, bucket, onObjectCreated: (object) => receive(object) });
    servers.defer(() => s3.close());
    const endpoints = referenceEndpoints();
    servers.defer(() => endpoints.close());
    prepare?.(endpoints);
    const addresses = addressesIn({
      s3: { ...s3.credentials, region: s3.region, endpoint: (await through?.(s3)) ?? s3.endpoint },
      bucket,
      endpoints: referenceAddresses(await serveGuarded(endpoints, 0)),
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

  /** Starts a function with an event, as Lambda does for one of S3's. */
  dispatch(functionName: string, event: unknown): void {
    this.#router.dispatch(functionName, event);
  }

  /** Runs a function by hand, as `sls invoke` does. @throws what it throws */
  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#invoke(functionName, event, randomUUID());
  }

  /** Resolves when nothing is under way any more. */
  idle(): Promise<void> {
    return this.#router.idle();
  }

  /** When nothing is under way any more; its objects are gone then. */
  async stop(): Promise<void> {
    await this.idle();
    this.#router.close();
    this.client.destroy();
    await this.#servers.disposeAsync();
  }
}

/** The bucket that the functions' events are of. */
function bucketOf({ buckets }: Service): string {
  const [bucket] = Object.values(buckets);
  if (bucket === undefined) throw new Error('serverless.yml names no bucket');
  return bucket.name;
}

/** Only when the environment is set: handlers read it when they are loaded. */
async function loadHandlers({ functions }: Service): Promise<Map<string, Handler>> {
  const handlers = new Map<string, Handler>();
  for (const [name, { handler }] of Object.entries(functions)) {
    if (name !== ENDPOINTS) handlers.set(name, await loadHandler(handler));
  }
  return handlers;
}

function invoker(service: Service, handlers: ReadonlyMap<string, Handler>, timeLeftMs?: () => number) {
  return async (functionName: string, event: unknown, id: string): Promise<unknown> => {
    const definition = service.function(functionName);
    const endsAt = performance.now() + definition.timeout * 1000;
    const context = contextOf(functionName, definition, id, timeLeftMs ?? (() => endsAt - performance.now()));
    return handlers.get(functionName)?.(event, context);
  };
}
