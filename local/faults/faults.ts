import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ReferenceProtocol } from '../../lib/endpoints/reference/server-protocols.ts';
import { exampleAddresses } from '../endpoints/example-calls.ts';
import { referenceAddresses } from '../endpoints/stack-endpoints.ts';
import { endpointVariables } from '../stack.ts';
import { ALTERATIONS, type AlterationName, isAlterationName } from './alterations.ts';
import { valuesIn } from './answer-values.ts';
import { FAULTS, type FaultName, type FaultSettings, isFaultName } from './answers.ts';
import { askedOf } from './asked.ts';
import { type Draws, type Hits, hitsOf } from './hits.ts';
import { type Latency, logNormal } from './latency.ts';
import { isSendingName, SENDINGS } from './sendings.ts';
import type { FaultPlan } from './spec.ts';

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

/** Takes seconds. Its median and 99th percentile keep most `slow` answers within the usual time-out. */
const SLOWNESS = logNormal(1_000, 4_000);

/**
 * Injects faults into endpoints. Which request is hit depends only on the seed, the endpoint, the body, and (except for
 * faults of inputs, which depend on a row) how often the body was sent before. It does not depend on the order in which
 * requests arrive.
 */
export function injectFaults(app: FastifyInstance, options: FaultOptions): FaultCounts {
  const counts: FaultCounts = new Map();
  const lottery = new Lottery(options.seed);
  const settings = { retryAfterSeconds: options.retryAfterSeconds ?? 1 };
  // What is wrong with answers that are still to come.
  const pending = new WeakMap<FastifyRequest, Hits>();
  app.addHook('preHandler', async (request, reply) => {
    const asked = askedOf(request);
    if (asked === undefined) return undefined;
    const { call, protocol } = asked;
    const misconduct = options.plan[call];
    const draws = lottery.draw(`${call} ${JSON.stringify(request.body)}`);
    const hits = hitsOf(misconduct, asked, draws, (row) => lottery.drawInput(`${call} ${JSON.stringify(row)}`));
    const instead = misconduct.down ? '503' : [...hits.keys()].find(isFaultName);
    count(counts, call, misconduct.down ? ['down'] : namesOf(hits, instead));
    if (options.latency !== undefined) await delay(options.latency(draws.latency));
    if (instead !== undefined) {
      reply.hijack();
      FAULTS[instead].answer(reply.raw, { ...settings, protocol });
      return reply;
    }
    if (hits.has('slow')) await delay((options.slowness ?? SLOWNESS)(draws.latency));
    pending.set(request, hits);
    return undefined;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const hits = pending.get(request);
    if (hits === undefined || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    return sent(reply, payload, hits);
  });
  app.addHook('preClose', async () => endConnections(app));
  return counts;
}

function count(counts: FaultCounts, call: string, names: readonly string[]): void {
  for (const name of names) counts.set(`${call}.${name}`, (counts.get(`${call}.${name}`) ?? 0) + 1);
}

/** What a request is counted under. */
function namesOf(hits: Hits, instead: FaultName | undefined): readonly string[] {
  if (instead !== undefined) return [instead];
  return hits.size === 0 ? ['ok'] : [...hits.keys()];
}

/** A right answer with what is to be wrong in it, and sent as it is to be sent. */
function sent(reply: FastifyReply, text: string, hits: Hits): unknown {
  const altering = [...hits].flatMap(([name, rows]) => (isAlterationName(name) ? [{ name, rows }] : []));
  const sending = [...hits.keys()].find(isSendingName);
  const answer = altering.length === 0 ? text : alter(text, String(reply.getHeader('content-type')), altering);
  return sending === undefined ? answer : SENDINGS[sending].send(reply, answer);
}

function alter(text: string, type: string, altering: readonly { name: AlterationName; rows: ReadonlySet<number> }[]) {
  const { values, write } = valuesIn(text, type);
  return write(altering.reduce((changed, { name, rows }) => ALTERATIONS[name].alter(changed, rows), values));
}

/** Closes all connections: one with a request that is never answered would keep the server from ending. */
function endConnections(app: FastifyInstance): void {
  app.server.closeAllConnections();
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
    const thisTime = this.#hash(`${occurrence} ${key}`);
    return { fault: fraction(thisTime, 0), latency: fraction(thisTime, 4), row: fraction(thisTime, 8) };
  }

  /** A number from 0 to 1, the same each time that the input is sent. */
  drawInput(input: string): number {
    return fraction(this.#hash(createHash('sha256').update(input).digest('base64')), 0);
  }

  #hash(text: string): Buffer {
    return createHash('sha256').update(`${this.#seed} ${text}`).digest();
  }
}

function fraction(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) / 2 ** 32;
}

/**
 * Shell commands that export the addresses, one per line; those for a protocol below a comment with what a partner's file
 * has to say then.
 */
export function exportLines(address: string, protocol?: ReferenceProtocol): string {
  const variables = { ...endpointVariables(referenceAddresses(address, protocol)), ...exampleAddresses(address) };
  const exported = Object.entries(variables).map(([variable, url]) => `export ${variable}=${url}`);
  return [...(protocol === undefined ? [] : partnerLines(protocol)), ...exported].join('\n');
}

function partnerLines(protocol: ReferenceProtocol): string[] {
  return ['# For each model and the offer in partners/default.yml:', `#   protocol: ${protocol}`];
}

/** Counts on one line, in the order of their names. */
export function countsText(counts: FaultCounts): string {
  const shown = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${name} ${times}`);
  return shown.length === 0 ? 'no requests' : shown.join(', ');
}
