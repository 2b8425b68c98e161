import * as z from 'zod';
import type { CallOptions } from '../../../../lib/endpoints/call.ts';
import type { Endpoint, EndpointOptions } from '../../../../lib/endpoints/endpoint.ts';
import type { Resilience } from '../../../../lib/endpoints/resilience.ts';
import { Gatherer } from '../../../../lib/stages/predict/gatherer.ts';
import { modelEndpoint } from '../../../builders/model-endpoint.ts';
import { json, startScriptedServer } from '../../endpoints/scripted-server.ts';

type Answer = ReturnType<typeof json>;

const bodySchema = z.object({ instances: z.array(z.object({ x: z.number() })) });

/** What a model says to the rows of a request, which is the so-manyth from 1 on; undefined for what it predicts of them. */
export type Behaviour = (rows: readonly number[], request: number) => Answer | undefined;

/** What is asked of a model, row by row, and what has come of it. */
interface Asking {
  /** How many requests at a time. */
  requests?: number;
  options?: CallOptions;
}

/** What a row came to: its prediction, or the message of its failure. */
export type Told = number | string;

/** Nobody waits for another attempt. */
const QUICK: Partial<Resilience> = { attempts: 3, baseDelayMs: 1, maxDelayMs: 1 };

/** A model over real HTTP whose rows are one number each, of which it predicts the double. */
export async function startRowModel(behaviour: Behaviour = () => undefined) {
  const asked: number[][] = [];
  const server = await startScriptedServer((response, request) => {
    const rows = bodySchema.parse(JSON.parse(request.body)).instances.map(({ x }) => x);
    asked.push(rows);
    const answer = behaviour(rows, asked.length) ?? json({ predictions: rows.map(predictionOf) });
    answer(response, request);
  });
  const closers: (() => Promise<void>)[] = [];
  const endpoint = (options: Partial<EndpointOptions<number>> = {}): Endpoint<number> => {
    const all = {
      id: 'm',
      label: 'M',
      limits: { rows: 200, bytes: 1_000_000 },
      ...options,
      resilience: { ...QUICK, ...options.resilience },
    };
    const { endpoint: own, close } = modelEndpoint(server.url('/v1/models/m:predict'), all, 8);
    closers.push(close);
    return own;
  };
  return {
    /** The rows of each request, in the order in which they came. */
    asked,
    headers: () => server.requests.map(({ headers }) => headers),
    endpoint,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
      await server.close();
    },
  };
}

export type RowModel = Awaited<ReturnType<typeof startRowModel>>;

export function predictionOf(row: number): number {
  return 2 * row;
}

/** Has all rows answered. @returns what each has come to, in the same order, and the attempts that it took */
export async function askFor(
  endpoint: Endpoint<number>,
  rows: readonly number[],
  { requests = 1, options = {} }: Asking = {},
): Promise<{ told: Told[]; attempts: number[] }> {
  const gatherer = new Gatherer(endpoint, requests, options);
  const settled = (await Promise.all(rows.map((x) => gatherer.ask([{ x }])))).flat();
  return {
    told: settled.map((one) => ('value' in one ? one.value : one.failure.message)),
    attempts: settled.map(({ attempts }) => attempts),
  };
}

export function rowsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Those that have no prediction. @throws when one has the prediction of another */
export function lostOf(rows: readonly number[], told: readonly Told[]): number[] {
  return rows.filter((row, place) => {
    const one = told[place];
    if (typeof one === 'number' && one !== predictionOf(row)) throw new Error(`${row} has the prediction ${one}`);
    return typeof one !== 'number';
  });
}
