import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { endpointIdsOf } from '../lib/endpoints/endpoint-ids.ts';
import { partnersIn } from '../lib/partners/partner-folder.ts';
import { startSecrets, takeHeaders } from './endpoints/secrets.ts';
import { startEndpoints } from './endpoints/stack-endpoints.ts';
import { localConcurrency } from './lambda/concurrency.ts';
import { EventRouter } from './lambda/event-router.ts';
import { type LocalFunctions, localFunctions } from './lambda/functions.ts';
import { guardServersToCome, HOST } from './process/guard.ts';
import { checkPort, PortError, type PortWish, portWish } from './process/ports.ts';
import { hasCode } from './process/processes.ts';
import { type LocalS3, type LocalS3Options, startLocalS3 } from './s3/server.ts';
import type { CreatedObject } from './s3/store.ts';
import { seed } from './seed.ts';
import type { Serverless } from './serverless.ts';
import { readStack, removeStack, type Stack, stackDirectory, writeStack } from './stack.ts';
import { useStack } from './stack-environment.ts';
import { PartsTold, runLineOf } from './terminal/run-lines.ts';

/** The objects that the sample events name. */
const SEED = 'events/objects';

const settingsSchema = z.object({
  bucket: z.string(),
  local: z.object({ concurrency: z.int().positive(), retryDelayMs: z.number().nonnegative() }),
  'serverless-offline': z.looseObject({ lambdaPort: z.int() }),
});

/** The properties in resources/bucket.yml that the local bucket shares. */
const resourcesSchema = z.object({
  extensions: z.object({
    S3BucketOffers: z.object({
      Properties: z.object({
        VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
      }),
    }),
  }),
});

/** A stack whose servers listen, but whose objects do not start functions yet. */
export interface Started {
  stack: Stack;
  /** Whether the stack uses the reference endpoints. */
  reference: boolean;
  /** Lets objects start functions from now on. Call this when the functions are bundled. */
  open(): LocalFunctions;
}

/**
 * Starts all parts of the stack but serverless-offline itself. They end with the process, however that exits, so that
 * nothing has to be done on a signal.
 *
 * @param options of the command line. Host and port of serverless-offline are added to them.
 * @throws when a stack already runs in this directory, or for another host; PortError; the errors of startEndpoints
 */
export async function startStack(serverless: Serverless, options: Record<string, unknown>): Promise<Started> {
  refuseOtherHost(options.host);
  options.host = HOST;
  const directory = stackDirectory();
  refuseSecond(directory);
  const settings = settingsSchema.parse(serverless.service.custom);
  // Before any process is started, because it would inherit the headers.
  const headers = takeHeaders(process.env, endpointIdsOf(partnersIn(serverless.serviceDir)));
  let receive = (_object: CreatedObject): void => {};
  const s3 = await openS3(portWish('S3', 's3Port', 'S3_PORT', options.s3Port, 4569), {
    directory: join(directory, 's3'),
    bucket: settings.bucket,
    versioning: versioningIn(serverless),
    onObjectCreated: (object) => receive(object),
  });
  const wish = portWish('the reference endpoints', 'endpointsPort', 'ENDPOINTS_PORT', options.endpointsPort, 4000);
  const endpoints = await startEndpoints(wish);
  process.once('exit', endpoints.stop);
  await reserveOfflinePort(options, settings['serverless-offline'].lambdaPort);
  guardServersToCome();

  const secrets = headers === undefined ? undefined : await startSecrets(headers);
  const stack = { ...describe(s3, endpoints.addresses), examples: endpoints.examples, secrets };
  useStack(serverless, stack);
  quieten(serverless.service);
  // These objects start no function, because `receive` is not set yet.
  await seed(s3, join(serverless.serviceDir, SEED));

  const open = (): LocalFunctions => {
    const functions = localFunctions(serverless, { ...offlineSettings(serverless), ...options });
    receive = receiver(serverless, functions, settings.local, s3);
    process.once('exit', () => removeStack(directory));
    writeStack(stack, directory);
    return functions;
  };
  return { stack, reference: endpoints.reference, open };
}

/** Prints a line for people, with the local time. */
function print(line: unknown): void {
  if (line !== undefined) console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
}

/**
 * Turns off the functions' log lines, which are for machines, unless somebody has asked for them. The dispatcher
 * reports failures, except those of functions that a schedule starts; so these log their errors.
 */
function quieten({ functions }: Serverless['service']): void {
  for (const definition of Object.values(functions)) {
    const level = definition.events?.some((event) => 'schedule' in event) ? 'ERROR' : 'SILENT';
    const POWERTOOLS_LOG_LEVEL = process.env.POWERTOOLS_LOG_LEVEL ?? level;
    definition.environment = { ...definition.environment, POWERTOOLS_LOG_LEVEL };
  }
}

/** The bucket's versioning as on AWS, so that events have the version of their object. */
function versioningIn({ service }: Serverless): LocalS3Options['versioning'] {
  return resourcesSchema.parse(service.resources).extensions.S3BucketOffers.Properties.VersioningConfiguration?.Status;
}

/** Checks the port first: serverless-offline does not explain that its port is in use, and finds no free port for 0. */
async function reserveOfflinePort(options: Record<string, unknown>, preset: number): Promise<void> {
  const wish = portWish('serverless-offline', 'lambdaPort', 'LAMBDA_PORT', options.lambdaPort, preset);
  options.lambdaPort = await checkPort(wish, HOST);
}

/** The settings of serverless-offline, to which serverless-esbuild adds the location of the bundles. */
function offlineSettings(serverless: Serverless): Record<string, unknown> {
  return settingsSchema.parse(serverless.service.custom)['serverless-offline'];
}

function refuseOtherHost(host: unknown): void {
  if (host === undefined || host === HOST) return;
  throw new Error(`--host ${host} is not possible: the local stack serves only this machine, and listens on ${HOST}.`);
}

function refuseSecond(directory: string): void {
  const other = readStack(directory);
  if (other === undefined) return;
  throw new Error(
    `A local stack already runs in ${directory} (process ${other.pid}). Stop it, or set STACK_DIR to another directory.`,
  );
}

async function openS3(wish: PortWish, options: Omit<LocalS3Options, 'port'>): Promise<LocalS3> {
  tellOfOldObjects(join(options.directory, 'objects'));
  try {
    return await startLocalS3({ ...options, port: wish.port });
  } catch (error) {
    throw hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES') ? new PortError(wish, error) : error;
  }
}

/** Warns of objects of earlier versions, which kept each object in a file of the same name. */
function tellOfOldObjects(directory: string): void {
  if (!existsSync(directory)) return;
  console.warn(
    `${directory} holds objects of an earlier version, which this version cannot read. Drop the files again.`,
  );
}

function describe({ bucket, endpoint, region, credentials }: LocalS3, endpoints: Stack['endpoints']): Stack {
  return { pid: process.pid, bucket, s3: { endpoint, region, ...credentials }, endpoints };
}

/** @returns a function that starts the functions that an object is for */
function receiver(
  { service: { functions, provider } }: Serverless,
  { invoke }: LocalFunctions,
  { concurrency, retryDelayMs }: z.infer<typeof settingsSchema>['local'],
  s3: LocalS3,
) {
  const router = new EventRouter(
    { functions, buckets: provider.s3 },
    {
      invoke,
      concurrencyOf: (functionName) => localConcurrency(functions[functionName], concurrency),
      retryDelayMs,
    },
  );
  const parts = new PartsTold();
  return (object: CreatedObject): void => {
    router.receive(object);
    if (!parts.next(object)) return;
    const read = () => s3.read(object.key);
    void runLineOf(object, read).then(print, print);
  };
}
