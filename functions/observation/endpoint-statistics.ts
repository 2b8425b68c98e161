import type { Callable } from '../../lib/endpoints/callable.ts';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
import { RequestStatistics } from '../../lib/endpoints/request-statistics.ts';
import type { Subject } from '../../lib/run/keys.ts';
import { sendToDaemon } from './daemon.ts';
import { logger } from './log.ts';
import { embedded, MAX_VALUES, type MetricValues } from './metrics.ts';
import { newSubsegmentId, TRACE_HEADER, type Trace, traceHeaderOf, traceOf } from './trace.ts';

const MS_PER_SECOND = 1000;

/** What is sent to one endpoint, and the part of the trace that it is. */
interface Watched {
  statistics: RequestStatistics;
  subsegmentId: string;
}

/** Measures the requests of a batch to each endpoint, and traces them as one part of the invocation's trace. */
export class EndpointStatistics {
  readonly #trace: Trace | undefined;
  /** By call. */
  readonly #watched = new Map<string, Watched>();
  #endpoints: Endpoints['byCall'] = new Map();

  constructor(trace = traceOf()) {
    this.#trace = trace;
  }

  /** What is to be told of in the end. @returns the same */
  watched(endpoints: Endpoints): Endpoints {
    this.#endpoints = endpoints.byCall;
    return endpoints;
  }

  /** What a call's requests are counted in. */
  readonly of = (call: string): RequestStatistics => this.#of(call).statistics;

  /** Logs and traces the requests when the batch has ended, even if it failed. */
  async tell(subject: Subject): Promise<void> {
    for (const [call, endpoint] of this.#endpoints) {
      const values = metricsOf(this.of(call), endpoint);
      if (values !== undefined) logger.info('endpoint', embedded(values, { endpoint: endpoint.id }));
    }
    if (this.#trace?.isSampled !== true) return;
    const { root, parent } = this.#trace;
    const called = [...this.#endpoints].filter(([call]) => this.of(call).span !== undefined);
    const documents = called.map(([call, endpoint]) => ({
      id: this.#of(call).subsegmentId,
      trace_id: root,
      parent_id: parent,
      type: 'subsegment',
      ...subsegmentOf(endpoint, this.of(call)),
      annotations: { ...subject, endpoint: endpoint.id, ...countsOf(this.of(call)) },
    }));
    await sendToDaemon(documents);
  }

  #of(call: string): Watched {
    const own = this.#watched.get(call) ?? this.#watch();
    this.#watched.set(call, own);
    return own;
  }

  #watch(): Watched {
    const subsegmentId = newSubsegmentId();
    return { statistics: new RequestStatistics(this.#headersOf(subsegmentId)), subsegmentId };
  }

  /** The trace header is sent even when the trace is not sampled. Otherwise each service would decide by itself. */
  #headersOf(subsegmentId: string): Record<string, string> {
    return this.#trace === undefined ? {} : { [TRACE_HEADER]: traceHeaderOf(this.#trace, subsegmentId) };
  }
}

/** @returns undefined when there is nothing to log */
export function metricsOf(
  statistics: RequestStatistics,
  endpoint: { takeOpenings(): number; readonly isDown: boolean },
): MetricValues | undefined {
  const CircuitOpenings = endpoint.takeOpenings();
  if (statistics.requests === 0 && CircuitOpenings === 0 && !endpoint.isDown) return undefined;
  const latencies = evenlySpaced(statistics.latenciesMs, MAX_VALUES).map((ms) => Math.round(ms * 1000) / 1000);
  return {
    EndpointRequests: statistics.requests,
    EndpointRows: statistics.rows,
    EndpointErrors: statistics.errors,
    EndpointThrottles: statistics.throttled,
    EndpointRetries: statistics.retries,
    CircuitOpenings,
    CircuitOpen: endpoint.isDown ? 1 : 0,
    ...(latencies.length > 0 && { EndpointLatency: latencies }),
  };
}

/**
 * At most `maxValues` values that represent all: sorted, and taken at equal distances from the smallest to the largest.
 * Percentiles of these are as good. All latencies would make up most of a run's log lines and of its cost.
 */
function evenlySpaced(values: readonly number[], maxValues: number): readonly number[] {
  if (values.length <= maxValues) return values;
  const ascending = Float64Array.from(values).toSorted();
  const distance = (values.length - 1) / (maxValues - 1);
  return Array.from({ length: maxValues }, (_, index) => ascending[Math.round(index * distance)] ?? 0);
}

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
function subsegmentOf({ id, address }: Callable<unknown>, { span, throttled, refused, faults }: RequestStatistics) {
  return {
    name: `${id} ${new URL(address).host}`,
    namespace: 'remote',
    start_time: (span?.from ?? 0) / MS_PER_SECOND,
    end_time: (span?.to ?? 0) / MS_PER_SECOND,
    http: { request: { method: 'POST', url: address } },
    throttle: throttled > 0,
    // In X-Ray, `error` means 4xx and `fault` means an error of the service.
    error: throttled + refused > 0,
    fault: faults > 0,
  };
}

function countsOf({ requests, rows, errors, throttled, retries }: RequestStatistics) {
  return { requests, rows, errors, throttled, retries };
}
