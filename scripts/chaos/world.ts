import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { createS3Client } from '../../lib/storage/s3-client.ts';
import { failedInvocation } from '../../local/lambda/destinations.ts';
import { createDispatcher, type Dispatcher } from '../../local/lambda/dispatcher.ts';
import { notificationOf, subscribersOf, subscriptionsOf } from '../../local/lambda/notification.ts';
import { lambdaThrottling } from '../../local/lambda/throttling.ts';
import { serveGuarded } from '../../local/process/guard.ts';
import { type LocalS3, startLocalS3 } from '../../local/s3/server.ts';
import type { ObjectCreated } from '../../local/s3/store.ts';
import { NOT_AWS } from '../../local/stack.ts';
import { asFunction, breakEndpoints, breakS3, type Faults } from './faults.ts';

const BUCKET = 'chaos';
const MAX_DELAY_MS = 100;
const CONCURRENCY = 4;
/** What Lambda waits a second for is waited for a millisecond. */
const TIME_SCALE = 1000;
/** Before the first retry of a failed event; Lambda's. */
const RETRY_DELAY_MS = 60_000;

const createdUnder = (prefix: string) => ({ events: [{ s3: { bucket: BUCKET, rules: [{ prefix }] } }] });

/** As in serverless.yml. */
const SUBSCRIPTIONS = subscriptionsOf({
  features: createdUnder('uploads/'),
  predict: createdUnder('batches/'),
  report: createdUnder('completed/'),
});
const GIVES_UP: ReadonlySet<string> = new Set(['features', 'predict', 'report']);

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** As much of Lambda's as the handlers look at. */
interface Context {
  awsRequestId: string;
  getRemainingTimeInMillis: () => number;
}

/** The whole service in this process, and all that can go wrong in it. */
export interface World {
  bucket: Bucket;
  drop(key: string, body: string, asOf: string): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(faults: Faults): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'chaos-'));
  let receive = (_: ObjectCreated): void => {};
  const s3 = await startLocalS3({ directory, port: 0, bucket: BUCKET, onObjectCreated: (object) => receive(object) });
  const app = referenceEndpoints();
  breakEndpoints(app, faults);
  setEnvironment(s3, await serveGuarded(app, 0));
  breakS3(faults);
  const { dispatcher, deliver, settled } = unreliable(await loadHandlers(), faults);
  receive = (object) => {
    for (const functionName of subscribersOf(object, SUBSCRIPTIONS)) deliver(functionName, notificationOf(object));
  };
  const client = createS3Client();
  return {
    bucket: new Bucket(client, BUCKET),
    drop: async (Key, Body, asOf) => {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, Metadata: { 'as-of': asOf } }));
    },
    idle: settled,
    stop: async () => {
      await settled();
      dispatcher.close();
      client.destroy();
      await app.close();
      await s3.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Delivers events as badly as may be, and retries and gives up as Lambda does. */
function unreliable(handlers: ReadonlyMap<string, Handler>, faults: Faults) {
  const killers = new Map<string, boolean>();
  const delayed = new Set<Promise<void>>();
  const dispatcher: Dispatcher = createDispatcher({
    invoke: (functionName, event, awsRequestId) => {
      const context = { awsRequestId, getRemainingTimeInMillis: () => 900_000 };
      if (functionName === 'predict' && kills(event)) throw new Error('Runtime exited with error: signal: killed');
      return asFunction(functionName, async () => handlers.get(functionName)?.(event, context));
    },
    concurrencyOf: () => CONCURRENCY,
    // Functions take as long as they take, so no event is too old.
    throttling: { ...lambdaThrottling(), longestMs: Number.POSITIVE_INFINITY },
    retryDelayMs: RETRY_DELAY_MS,
    delay: (milliseconds) => pause(milliseconds / TIME_SCALE),
    onExhausted: (failure) => {
      if (GIVES_UP.has(failure.functionName)) deliver('onFailure', failedInvocation(failure, new Date()));
    },
    log: () => undefined,
  });
  /** Whether an event kills every invocation that is given it; the same event each time. */
  function kills(event: unknown): boolean {
    if (!faults.isOn) return false;
    const key = JSON.stringify(event);
    const known = killers.get(key) ?? faults.strikes('batch that kills every invocation');
    killers.set(key, known);
    return known;
  }
  function deliver(functionName: string, event: unknown): void {
    if (faults.strikes('event dropped')) return;
    const times = faults.strikes('event repeated') ? 3 : 1;
    for (let time = 0; time < times; time++) {
      if (!faults.strikes('event delayed')) {
        dispatcher.dispatch(functionName, event);
        continue;
      }
      const delay = pause(Math.random() * MAX_DELAY_MS).then(() => {
        delayed.delete(delay);
        dispatcher.dispatch(functionName, event);
      });
      delayed.add(delay);
    }
  }
  async function settled(): Promise<void> {
    do {
      await Promise.all(delayed);
      await dispatcher.idle();
    } while (delayed.size > 0);
  }
  return { dispatcher, deliver, settled };
}

/** Imported only when the environment is set: handlers read it when they are loaded. */
async function loadHandlers(): Promise<Map<string, Handler>> {
  const [features, predict, report, onFailure] = await Promise.all([
    import('../../functions/features.ts'),
    import('../../functions/predict.ts'),
    import('../../functions/report.ts'),
    import('../../functions/on-failure.ts'),
  ]);
  const modules = { features, predict, report, onFailure };
  return new Map(Object.entries(modules).map(([name, { handler }]) => [name, handlerOf(handler)]));
}

/** Middy's types want the rest of Lambda's context, which these handlers do not look at. */
function handlerOf(handler: unknown): Handler {
  if (typeof handler !== 'function') throw new Error('no handler');
  return async (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

function setEnvironment({ endpoint, region, credentials }: LocalS3, endpoints: string): void {
  Object.assign(process.env, {
    ...NOT_AWS,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ATS_URL: `${endpoints}/ml/ats/predict`,
    RESP_URL: `${endpoints}/ml/resp/predict`,
    OFFER_URL: `${endpoints}/offer/assign`,
    MIN_BATCH_SIZE: '20',
    MAX_BATCHES: '16',
    CONCURRENCY: '16',
    TIMEOUT_MS: '5000',
    MAX_ATTEMPTS: '8',
    RETRY_DELAY_MS: '20',
    TIME_RESERVE_MS: '1000',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
}
