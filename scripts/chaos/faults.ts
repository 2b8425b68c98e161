import { AsyncLocalStorage } from 'node:async_hooks';
import { S3Client } from '@aws-sdk/client-s3';
import type { FastifyInstance } from 'fastify';
import { askedOf } from '../../local/faults/asked.ts';

/** How often each fault occurs, 0 to 1. */
export const SHARES = {
  'event dropped': 0.03,
  'event repeated': 0.15,
  'event delayed': 0.3,
  'function died before an S3 operation': 0.01,
  'function died after an S3 operation': 0.01,
  'batch that kills every invocation': 0.03,
  'endpoint answered 500': 0.04,
  'endpoint answered 429': 0.03,
  'endpoint reset the connection': 0.03,
  'endpoint refused an input for good': 0.02,
} as const;

export type Fault = keyof typeof SHARES;

/** Decides which faults occur, and counts them. */
export class Faults {
  readonly counts = new Map<Fault, number>();
  readonly #random: () => number;
  isOn = true;

  /** @param random gives numbers from 0 to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  strikes(fault: Fault): boolean {
    if (!this.isOn || this.#random() >= SHARES[fault]) return false;
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return true;
  }
}

/** The function that an S3 operation belongs to, if any. */
const invocation = new AsyncLocalStorage<string>();

/** Runs a function's handler. Only code that runs in it can die at S3 operations. */
export function asFunction<T>(name: string, handle: () => Promise<T>): Promise<T> {
  return invocation.run(name, handle);
}

/** Makes functions die at S3 operations. */
export function breakS3(faults: Faults): void {
  const send = S3Client.prototype.send;
  S3Client.prototype.send = new Proxy(send, {
    apply: async (target, client, parameters) => {
      const isFunction = invocation.getStore() !== undefined;
      if (isFunction && faults.strikes('function died before an S3 operation')) throw new Error('died before');
      const answer: unknown = await Reflect.apply(target, client, parameters);
      if (isFunction && faults.strikes('function died after an S3 operation')) throw new Error('died after');
      return answer;
    },
  });
}

/** Makes endpoints fail: by chance, and for some inputs always. */
export function breakEndpoints(app: FastifyInstance, faults: Faults): void {
  const refused = new Map<string, boolean>();
  const refuses = (input: string): boolean => {
    if (!faults.isOn) return false;
    const known = refused.get(input) ?? faults.strikes('endpoint refused an input for good');
    refused.set(input, known);
    return known;
  };
  app.addHook('preHandler', async (request, reply) => {
    const rows = askedOf(request)?.rows ?? [];
    // Each of them is drawn for, whatever the others are.
    const isRefused = rows.filter((row) => refuses(`${request.url} ${JSON.stringify(row)}`)).length > 0;
    if (isRefused) return reply.code(500).send('division by zero');
    if (faults.strikes('endpoint answered 500')) return reply.code(500).send('out of order');
    if (faults.strikes('endpoint answered 429')) return reply.code(429).header('retry-after', '0').send('slow down');
    if (!faults.strikes('endpoint reset the connection')) return undefined;
    reply.hijack();
    reply.raw.destroy();
    return reply;
  });
}
