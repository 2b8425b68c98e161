import { setTimeout as delay } from 'node:timers/promises';
import { median } from 'd3-array';
import type { RowAnswer } from '../../lib/endpoints/call.ts';
import type { Callable } from '../../lib/endpoints/callable.ts';
import { CallFailedError, CONTENT_TOO_LARGE, TOO_MANY_REQUESTS } from '../../lib/endpoints/errors.ts';
import type { Row } from '../../lib/protocols/protocol.ts';
import { now } from '../../lib/timing/clock.ts';

/** Rows per request that are tried. */
export const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Of each size; the median of so many passes over one that was slow by chance. */
const REQUESTS = 5;

/** A server may fail once by chance. */
const FAILURES = 2;
const SERVER_ERROR = 500;

/** What came of requests of one size. */
export interface MeasuredSize<T> {
  rows: number;
  bytes: number;
  /** Median of the requests that were answered, milliseconds; undefined when none was. */
  ms: number | undefined;
  /** Of the latest answer: rows with a value, from the first on. */
  values: readonly { row: Row; value: T }[];
  /** How many rows had none. */
  lost: number;
  /** Why there are no larger requests. */
  problem: string | undefined;
  /** Whether that may be because of one of the rows, and not because of their number. */
  mayBeOneRow: boolean;
}

/** What came of requests that grow until one is not answered. */
export interface MeasuredBatches<T> {
  /** From the smallest on; only the last one may have a problem. */
  sizes: readonly MeasuredSize<T>[];
  /** Why no larger request was sent although none was refused. */
  ended: string | undefined;
  /** What one of the rows was refused for, whatever it was sent with; from then on it was left out. */
  badRow: string | undefined;
}

export interface MeasuringOptions<T> {
  /** Tries each request once. */
  endpoint: Callable<T>;
  /** What is sent, repeated where a request has more. */
  rows: readonly Row[];
  /** Rows that the endpoint has answered, each alone. */
  answered: readonly Row[];
  /** No request begins later, milliseconds. */
  forMs: number;
  /** Between requests, milliseconds. */
  restMs?: number;
  clock?: () => number;
  rest?: (milliseconds: number) => Promise<unknown>;
}

/** Measures how long requests take by how many rows they have. They are sent one after the other. */
export async function measureBatches<T>(options: MeasuringOptions<T>): Promise<MeasuredBatches<T>> {
  const { endpoint, answered, forMs, clock = now } = options;
  const from = clock();
  let { rows } = options;
  let badRow: string | undefined;
  const sizes: MeasuredSize<T>[] = [];
  for (const [place, size] of SIZES.entries()) {
    if (clock() - from >= forMs) return { sizes, badRow, ended: `the time for measuring, ${forMs / 1000} s, was up` };
    const sent = repeated(rows, size);
    if (endpoint.fit(sent).rows.length < size) {
      return { sizes, badRow, ended: `larger ones have more than the ${endpoint.limits.bytes} bytes of batch.bytes` };
    }
    const until = from + (forMs * (place + 1)) / SIZES.length;
    let measured = await measureSize(sent, until, options);
    if (measured.mayBeOneRow && rows !== answered) {
      const others = await measureSize(repeated(answered, size), until, options);
      if (others.problem === undefined) {
        badRow = measured.problem;
        rows = answered;
        measured = others;
      }
    }
    sizes.push(measured);
    if (measured.problem !== undefined) break;
  }
  return { sizes, badRow, ended: undefined };
}

function repeated(rows: readonly Row[], size: number): Row[] {
  return Array.from({ length: size }, (_, place) => rows[place % rows.length] ?? {});
}

async function measureSize<T>(
  rows: readonly Row[],
  until: number,
  { endpoint, restMs = 0, clock = now, rest = delay }: MeasuringOptions<T>,
): Promise<MeasuredSize<T>> {
  const request = endpoint.fit(rows);
  const times: number[] = [];
  let answers: readonly RowAnswer<T>[] = [];
  let failure: CallFailedError | undefined;
  for (let failures = 0; times.length === 0 || (times.length < REQUESTS && clock() < until); ) {
    if (restMs > 0) await rest(restMs);
    const from = clock();
    try {
      answers = (await endpoint.callAll(request)).rows;
      times.push(clock() - from);
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      failures += 1;
      if (isByChance(error) && failures < FAILURES) continue;
      failure = error;
      break;
    }
  }
  const values = answers.flatMap((answer, place) => {
    const row = rows[place];
    return row !== undefined && 'value' in answer ? [{ row, value: answer.value }] : [];
  });
  const lost = answers.length - values.length;
  return {
    rows: rows.length,
    bytes: Buffer.byteLength(request.body),
    ms: median(times),
    values,
    lost,
    problem: failure && problemIn(failure),
    mayBeOneRow: failure !== undefined && mayBeOneRow(failure),
  };
}

/** Without the endpoint's name and address. */
function problemIn({ cause, message }: CallFailedError): string {
  return cause instanceof Error ? cause.message : message;
}

function mayBeOneRow({ status, divisible }: CallFailedError): boolean {
  return status === undefined ? divisible === 'yes' : status !== CONTENT_TOO_LARGE;
}

/** A time-out or a connection that is closed may be, too, but says something about large requests. */
function isByChance({ status = 0 }: CallFailedError): boolean {
  return status >= SERVER_ERROR || status === TOO_MANY_REQUESTS;
}
