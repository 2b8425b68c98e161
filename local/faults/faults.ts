import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { CALL_DEFINITION, CALLS } from '../../lib/calls.ts';
import { referenceAddresses } from '../endpoints/stack-endpoints.ts';
import { endpointVariables } from '../stack.ts';
import { FAULTS, type FaultSettings } from './answers.ts';
import { type Latency, logNormal } from './latency.ts';
import type { Chance, FaultPlan, Misconduct, Sore } from './spec.ts';

export interface FaultOptions extends Partial<FaultSettings> {
  plan: FaultPlan;
  /** Another number, other requests that are hit. */
  seed: number;
  /** Of every answer; none, and they come as soon as they can. */
  latency?: Latency | undefined;
  /** Of what is `slow`. */
  slowness?: Latency;
}

/** What was injected so far: by endpoint and fault, as in `ats.500`; what was left alone is `ats.ok`. */
export type FaultCounts = Map<string, number>;

const CALL_AT = new Map(CALLS.map((call) => [CALL_DEFINITION[call].path, call]));

/** Seconds, for a median and 99th percentile that leave most `slow` answers within the usual time-out. */
const SLOWNESS = logNormal(1_000, 4_000);

/**
 * Makes endpoints misbehave. Which request is hit by what depends on the seed, the endpoint, the body and (but for faults
 * of inputs) how often it was seen before, and on nothing else: not on the order in which requests arrive.
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

/** What a request that was never answered holds open would hold up the end. */
function endConnections(app: FastifyInstance): void {
  app.server.closeAllConnections();
}

/** What happens to a request; undefined for nothing. */
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

/** The chance that a draw from 0 to 1 falls on; undefined for none. */
function pick(chances: readonly Chance[], draw: number): Chance['fault'] | undefined {
  let upTo = 0;
  for (const { fault, share } of chances) {
    upTo += share;
    if (draw < upTo) return fault;
  }
  return undefined;
}

/** From 0 to 1. */
interface Draws {
  /** The same however often the input comes. */
  input: number;
  fault: number;
  latency: number;
}

/** Draws that depend on what was asked and how often, so that concurrency changes nothing. */
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

/** The addresses to export, one a line, for a shell. */
export function exportLines(address: string): string {
  const variables = Object.entries(endpointVariables(referenceAddresses(address)));
  return variables.map(([variable, url]) => `export ${variable}=${url}`).join('\n');
}

/** Counts on one line, in the order of their names. */
export function countsText(counts: FaultCounts): string {
  const shown = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${name} ${times}`);
  return shown.length === 0 ? 'no requests' : shown.join(', ');
}
