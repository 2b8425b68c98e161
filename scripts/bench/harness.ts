import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Bucket } from '../../lib/storage/bucket.ts';
import { referenceAddresses } from '../../local/endpoints/stack-endpoints.ts';
import { addressesIn, endpointVariables, type Stack } from '../../local/stack.ts';
import { sampleLines } from '../sample/sample-rows.ts';
import { Child } from '../shared/child.ts';
import { chunked } from '../shared/line-chunks.ts';
import { localClient } from '../shared/target.ts';
import { SERVICE } from './measured-service.ts';
import { type Measurement, measurementSchema, type Task } from './task.ts';

export const BUCKET = 'bench';
export const AS_OF = '2024-01-31';

/** Addresses at which no server listens. */
export const NO_ENDPOINTS = referenceAddresses('http://127.0.0.1:9');

const s3Schema = z.object({
  endpoint: z.string(),
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

/** The environment of measurements: a folder, generated files, and processes for S3 and the endpoints. */
export class BenchHarness {
  readonly directory: string;
  readonly bucket: Bucket;
  readonly #environment: Record<string, string>;
  readonly #children: Child[] = [];
  readonly #client: S3Client;

  private constructor(directory: string, s3: z.infer<typeof s3Schema>, process: Child) {
    this.directory = directory;
    this.#children.push(process);
    const { endpoint, region, ...credentials } = s3;
    this.#client = localClient({ endpoint, region, credentials });
    this.bucket = new Bucket(this.#client, BUCKET);
    this.#environment = {
      ...SERVICE.environment,
      ...addressesIn({ s3, bucket: BUCKET, endpoints: NO_ENDPOINTS }),
      POWERTOOLS_LOG_LEVEL: 'ERROR',
    };
  }

  static async open(): Promise<BenchHarness> {
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-bench-'));
    const child = Child.start(new URL('./s3-process.ts', import.meta.url), [join(directory, 's3'), BUCKET]);
    return new BenchHarness(directory, await child.ask(s3Schema), child);
  }

  /** Starts the reference endpoints. @param latencyMs delay of each answer, milliseconds */
  async endpoints(latencyMs = 0): Promise<Stack['endpoints']> {
    const child = Child.start(new URL('./endpoints-process.ts', import.meta.url), [String(latencyMs)]);
    this.#children.push(child);
    const { address } = await child.ask(z.object({ address: z.string() }));
    return referenceAddresses(address);
  }

  /** A process that does one task after the other. */
  worker(endpoints: Stack['endpoints'] = NO_ENDPOINTS): Worker {
    const child = Child.start(new URL('./measuring-process.ts', import.meta.url), [], {
      ...this.#environment,
      ...endpointVariables(endpoints),
    });
    this.#children.push(child);
    return { do: (task) => child.ask(measurementSchema, task), stop: () => child.stop() };
  }

  /** Does one task in a new process. */
  async measure(task: Task): Promise<Measurement> {
    const worker = this.worker();
    try {
      return await worker.do(task);
    } finally {
      worker.stop();
    }
  }

  /** Generates a file of transactions. The same arguments give the same file. */
  async file(members: number, seed: number): Promise<string> {
    const path = join(this.directory, `members-${members}-${seed}.csv`);
    await writeFile(path, chunked(sampleLines({ members, seed, asOf: AS_OF })));
    return path;
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.stop();
    this.#client.destroy();
    await rm(this.directory, { recursive: true, force: true });
  }
}

export interface Worker {
  do(task: Task): Promise<Measurement>;
  stop(): void;
}
