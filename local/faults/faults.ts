import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { REFERENCE, REFERENCE_CALLS } from '../../lib/endpoints/reference-calls.ts';
import { exampleAddresses } from '../endpoints/example-calls.ts';
import { referenceAddresses } from '../endpoints/stack-endpoints.ts';
import { endpointVariables } from '../stack.ts';
import { FAULTS, type FaultSettings } from './answers.ts';
import { type Latency, logNormal } from './latency.ts';
import type { Chance, FaultPlan, Misconduct, Sore } from './spec.ts';

export interface FaultOptions extends Partial<FaultSettings> {
  plan: FaultPlan;
  /** Decides which requests are hit. */
  seed: number;
  /** The latency of every answer; by default none is added. */
  latency?: Latency | undefined;
  /** The latency of answers with the fault `slow`. */
  slowness?: Latency;
}

/** How many requests each fault has hit so far, by endpoint and fault, as `ats.500`; `ats.ok` counts right answers. */
export type FaultCounts = Map<string, number>;

const CALL_AT = new Map(REFERENCE_CALLS.map((call) => [REFERENCE[call].path, call]));

/** Takes seconds. Its median and 99th percentile keep most `slow` answers within the usual time-out. */
const SLOWNESS = logNormal(1_000, 4_000);

/**
 * Injects faults into endpoints. Which request is hit depends only on the seed, the endpoint, the body, and (except for
 * faults of inputs) how often the body was sent before. It does not depend on the order in which requests arrive.
 */
export function injectFaults(app: FastifyInstance, options: FaultOptions): FaultCounts {
  const counts: FaultCounts = new Map();
  const lottery = new Lottery(options.seed);
  const settings = { retryAfterSeconds: options.retryAfterSeconds ?? 1 };
  app.addHook('preHandler', async (request, reply) => {
    const call = CALL_AT.get(request.url);
    if (call === undefined) return undefined;
    const draws = lottery.draw(`${call} ${JSON.stringify(request.body)}`);
    const { latency } = draws;
    const misconduct = options.plan[call];
    const hit = misconduct.down ? '503' : faultOf(misconduct, request.body, draws);
    const counted = `${call}.${misconduct.down ? 'down' : (hit ?? 'ok')}`;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);
    if (options.latency !== undefined) await delay(options.latency(latency));
    return misbehave(hit, reply, () => delay((options.slowness ?? SLOWNESS)(latency)), settings);
  });
  app.addHook('preClose', async () => endConnections(app));
  return counts;
}

async function misbehave(
  hit: Chance['fault'] | undefined,
  reply: FastifyReply,
  beSlow: () => Promise<unknown>,
  settings: FaultSettings,
): Promise<FastifyReply | undefined> {
  if (hit === undefined) return undefined;
  if (hit === 'slow') {
    await beSlow();
    return undefined;
  }
  reply.hijack();
  FAULTS[hit].answer(reply.raw, settings);
  return reply;
}

/** Closes all connections: one with a request that is never answered would keep the server from ending. */
function endConnections(app: FastifyInstance): void {
  app.server.closeAllConnections();
}

/** The fault that hits a request; undefined for none. */
function faultOf({ sores, ofInputs, chances }: Misconduct, body: unknown, draws: Draws): Chance['fault'] | undefined {
  const sore = sores.find((one) => isTouched(one, body));
  return sore?.fault ?? pick(ofInputs, draws.input) ?? pick(chances, draws.fault);
}

function isTouched({ field, relation, value }: Sore, body: unknown): boolean {
  const number = new Map(Object.entries(body ?? {})).get(field);
  if (typeof number !== 'number') return false;
  if (relation === '=') return number === value;
  return relation === '<' ? number < value : number > value;
}

/** The fault that a draw from 0 to 1 selects; undefined for none. */
function pick(chances: readonly Chance[], draw: number): Chance['fault'] | undefined {
  let upTo = 0;
  for (const { fault, share } of chances) {
    upTo += share;
    if (draw < upTo) return fault;
  }
  return undefined;
}

/** Random numbers from 0 to 1. */
interface Draws {
  /** The same each time that the input is sent. */
  input: number;
  fault: number;
  latency: number;
}

/** Random draws that depend on the request and how often it was sent, so that concurrency does not change them. */
class Lottery {
  readonly #seed: number;
  readonly #seen = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  draw(request: string): Draws {
    const key = createHash('sha256').update(request).digest('base64');
    const occurrence = this.#seen.get(key) ?? 0;
    this.#seen.set(key, occurrence + 1);
    const [always, thisTime] = [this.#hash(key), this.#hash(`${occurrence} ${key}`)];
    return { input: fraction(always, 0), fault: fraction(thisTime, 0), latency: fraction(thisTime, 4) };
  }

  #hash(text: string): Buffer {
    return createHash('sha256').update(`${this.#seed} ${text}`).digest();
  }
}

function fraction(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) / 2 ** 32;
}

/** Shell commands that export the addresses, one per line. */
export function exportLines(address: string): string {
  const variables = { ...endpointVariables(referenceAddresses(address)), ...exampleAddresses(address) };
  return Object.entries(variables)
    .map(([variable, url]) => `export ${variable}=${url}`)
    .join('\n');
}

/** Counts on one line, in the order of their names. */
export function countsText(counts: FaultCounts): string {
  const shown = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${name} ${times}`);
  return shown.length === 0 ? 'no requests' : shown.join(', ');
}
