import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, defineMappingTag, defineScalarTag, defineSequenceTag, load } from 'js-yaml';
import * as z from 'zod';
import type { Batching } from '../../lib/stages/features/batches.ts';
import type { StallOptions } from '../../lib/stages/resume/stalled.ts';
import { Variables } from './variables.ts';

const FILE = new URL('../../serverless.yml', import.meta.url);

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;

/** Stands for values that only CloudFormation can fill in: `!Ref`, `!Sub` and others. */
const OF_CLOUDFORMATION = null;
const tagged = { matchByTagPrefix: true, identify: () => false, finalize: () => OF_CLOUDFORMATION };
const SCHEMA = CORE_SCHEMA.withTags(
  defineScalarTag('!', { ...tagged, resolve: () => OF_CLOUDFORMATION }),
  defineSequenceTag('!', { ...tagged, create: () => [], addItem: () => undefined }),
  defineMappingTag('!', {
    ...tagged,
    create: () => new Map(),
    addPair: () => '',
    has: () => false,
    keys: () => [],
    get: () => undefined,
  }),
);

/** Environment variables, without those that CloudFormation fills in. */
const environmentSchema = z
  .record(z.string(), z.union([z.string(), z.number().transform(String), z.null()]))
  .transform((variables) =>
    Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === OF_CLOUDFORMATION ? [] : [[name, value]])),
    ),
  );

const functionSchema = z.object({
  /** File, without its ending, and export: `functions/predict.handler`. */
  handler: z.string(),
  /** Megabytes. */
  memorySize: z.int().positive(),
  /** Seconds. */
  timeout: z.int().positive(),
  environment: environmentSchema,
  /** How many invocations may run at the same time; without it, as many as the account allows. */
  reservedConcurrency: z.int().positive().optional(),
  /** Further attempts at an event. */
  maximumRetryAttempts: z.int().nonnegative().optional(),
  /** How long an event may wait, seconds. */
  maximumEventAge: z.int().positive().optional(),
  events: z.array(z.record(z.string(), z.unknown())).default([]),
  destinations: z.unknown().optional(),
});

/** A function of serverless.yml, with the settings that the section `provider` makes for all functions. */
export type ServiceFunction = z.infer<typeof functionSchema>;

const settingsSchema = z.object({
  /** The buckets' real names, by the names that `s3` events use. */
  buckets: z.record(z.string(), z.object({ name: z.string() })),
  /** Settings of the local stack. */
  local: z.object({
    /** The largest number of invocations of a function at the same time. */
    concurrency: z.int().positive(),
    /** Milliseconds before the first retry of a failed event. */
    retryDelayMs: z.number().nonnegative(),
    environment: environmentSchema,
  }),
});

const documentSchema = z.object({
  provider: z.object({
    memorySize: z.unknown(),
    timeout: z.unknown(),
    environment: z.looseObject({}),
    s3: z.unknown(),
  }),
  functions: z.record(z.string(), z.looseObject({ environment: z.record(z.string(), z.unknown()).default({}) })),
  custom: z.object({ local: z.unknown() }),
});

/** The service as serverless.yml describes it. */
export class Service {
  readonly functions: Readonly<Record<string, ServiceFunction>>;
  readonly buckets: z.infer<typeof settingsSchema>['buckets'];
  readonly local: z.infer<typeof settingsSchema>['local'];

  constructor(functions: Record<string, ServiceFunction>, settings: z.infer<typeof settingsSchema>) {
    this.functions = functions;
    this.buckets = settings.buckets;
    this.local = settings.local;
  }

  /** @throws when there is no function of this name */
  function(name: string): ServiceFunction {
    const definition = this.functions[name];
    if (definition === undefined) throw new Error(`serverless.yml has no function ${name}`);
    return definition;
  }

  /** A function's variable as a number. @throws when it is not a number */
  number(functionName: string, variable: string): number {
    return numberIn(this.function(functionName).environment, variable);
  }

  /** After which times `resume` treats uploads and runs as stalled. */
  get stalled(): StallOptions {
    return {
      stalledAfterMs: this.number('resume', 'STALLED_AFTER_MINUTES') * MS_PER_MINUTE,
      eventLifeMs: this.number('resume', 'EVENT_SECONDS') * MS_PER_SECOND,
      windowMs: this.number('resume', 'WINDOW_HOURS') * MS_PER_HOUR,
    };
  }

  /** How a run is cut into batches on AWS. */
  get batching(): Batching {
    return batchingIn(this.function('features').environment);
  }

  /** How a run is cut into batches by the stack on one machine. */
  get localBatching(): Batching {
    return batchingIn({ ...this.function('features').environment, ...this.local.environment });
  }

  /** Variables of all functions, for a process that runs any of them. */
  get environment(): Record<string, string> {
    return Object.assign({}, ...Object.values(this.functions).map(({ environment }) => environment));
  }
}

function batchingIn(environment: Record<string, string>): Batching {
  return {
    minBatchSize: numberIn(environment, 'MIN_BATCH_SIZE'),
    maxBatches: numberIn(environment, 'MAX_BATCHES'),
    maxBatchSize: numberIn(environment, 'MAX_BATCH_SIZE'),
  };
}

function numberIn(environment: Record<string, string>, variable: string): number {
  const value = environment[variable];
  if (!value || !Number.isFinite(Number(value))) throw new Error(`serverless.yml: ${variable} is no number`);
  return Number(value);
}

/**
 * Reads serverless.yml with the settings of the stage dev.
 *
 * @param environment for variables such as `${env:MAX_MEMBERS, ''}`; by default none is set
 * @throws when the file does not have the expected form
 */
export function readService(environment: Record<string, string | undefined> = {}): Service {
  const document = load(readFileSync(FILE, 'utf8'), { schema: SCHEMA });
  const variables = new Variables(document, environment);
  const { provider, functions, custom } = documentSchema.parse(document);
  const definitions = Object.entries(functions).map(([name, definition]) => {
    const environment = { ...provider.environment, ...definition.environment };
    return [name, functionSchema.parse(variables.fillIn({ ...provider, ...definition, environment }))] as const;
  });
  const settings = variables.fillIn({ buckets: provider.s3, local: custom.local });
  return new Service(Object.fromEntries(definitions), settingsSchema.parse(settings));
}
