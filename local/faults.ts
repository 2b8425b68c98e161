import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { CALLS, type Call } from '../lib/contracts.ts';
import { FAULTS, type FaultSettings } from './fault-answers.ts';
import type { Chance, FaultPlan } from './fault-spec.ts';
import { type Latency, logNormal } from './latency.ts';

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

const PATHS: Record<string, Call> = { '/ml/ats/predict': 'ats', '/ml/resp/predict': 'resp', '/offer/assign': 'offer' };

/** Seconds, for a median and 99th percentile that leave most `slow` answers within the usual time-out. */
const SLOWNESS = logNormal(1_000, 4_000);

/**
 * Makes endpoints misbehave. Which request is hit by what depends on the seed, the endpoint, the body and how often it
 * was seen before, and on nothing else: not on the order in which requests arrive.
 */
export function injectFaults(app: FastifyInstance, options: FaultOptions): FaultCounts {
  const counts: FaultCounts = new Map();
  const lottery = new Lottery(options.seed);
  const settings = { retryAfterSeconds: options.retryAfterSeconds ?? 1 };
  app.addHook('preHandler', async (request, reply) => {
    const call = PATHS[request.url];
    if (call === undefined) return undefined;
    const { fault, latency } = lottery.draw(`${call} ${JSON.stringify(request.body)}`);
    const { down, chances } = options.plan[call];
    const hit = down ? '503' : pick(chances, fault);
    const counted = `${call}.${down ? 'down' : (hit ?? 'ok')}`;
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

/** The chance that a draw from 0 to 1 falls on; undefined for none. */
function pick(chances: readonly Chance[], draw: number): Chance['fault'] | undefined {
  let upTo = 0;
  for (const { fault, share } of chances) {
    upTo += share;
    if (draw < upTo) return fault;
  }
  return undefined;
}

/** Draws that depend on what was asked and how often, so that concurrency changes nothing. */
class Lottery {
  readonly #seed: number;
  readonly #seen = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  draw(request: string): { fault: number; latency: number } {
    const key = createHash('sha256').update(request).digest('base64');
    const occurrence = this.#seen.get(key) ?? 0;
    this.#seen.set(key, occurrence + 1);
    const bytes = createHash('sha256').update(`${this.#seed} ${occurrence} ${key}`).digest();
    return { fault: bytes.readUInt32BE(0) / 2 ** 32, latency: bytes.readUInt32BE(4) / 2 ** 32 };
  }
}

/** The addresses to export, one a line, for a shell. */
export function exportLines(address: string): string {
  const paths = Object.fromEntries(Object.entries(PATHS).map(([path, call]) => [call, path]));
  return CALLS.map((call) => `export ${call.toUpperCase()}_URL=${address}${paths[call]}`).join('\n');
}

/** Counts on one line, in the order of their names. */
export function countsText(counts: FaultCounts): string {
  const shown = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${name} ${times}`);
  return shown.length === 0 ? 'no requests' : shown.join(', ');
}
