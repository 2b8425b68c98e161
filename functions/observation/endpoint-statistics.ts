import { CALLS, type Call, mapCalls } from '../../lib/calls.ts';
import { shownAddress } from '../../lib/endpoints/address.ts';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
import { RequestStatistics } from '../../lib/endpoints/request-statistics.ts';
import type { Subject } from '../../lib/run/keys.ts';
import { sendToDaemon } from './daemon.ts';
import { logger } from './log.ts';
import { embedded, MAX_VALUES, type MetricValues } from './metrics.ts';
import { newSubsegmentId, TRACE_HEADER, type Trace, traceHeaderOf, traceOf } from './trace.ts';

const MS_PER_SECOND = 1000;

/** Measures the requests of a batch to each endpoint, and traces them as one part of the invocation's trace. */
export class EndpointStatistics {
  readonly of: Record<Call, RequestStatistics>;
  readonly #trace: Trace | undefined;
  readonly #ids: Record<Call, string>;

  constructor(trace = traceOf()) {
    this.#trace = trace;
    this.#ids = mapCalls(newSubsegmentId);
    this.of = mapCalls((call) => new RequestStatistics(this.#headersOf(call)));
  }

  /** Logs and traces the requests when the batch has ended, even if it failed. @param urls of the endpoints */
  async tell(endpoints: Endpoints, urls: Record<Call, URL>, subject: Subject): Promise<void> {
    for (const call of CALLS) {
      const values = metricsOf(this.of[call], endpoints[call]);
      if (values !== undefined) logger.info('endpoint', embedded(values, { endpoint: call }));
    }
    if (this.#trace?.isSampled !== true) return;
    const { root, parent } = this.#trace;
    const documents = CALLS.filter((call) => this.of[call].span !== undefined).map((call) => ({
      id: this.#ids[call],
      trace_id: root,
      parent_id: parent,
      type: 'subsegment',
      ...subsegmentOf(call, this.of[call], urls[call]),
      annotations: { ...subject, endpoint: call, ...countsOf(this.of[call]) },
    }));
    await sendToDaemon(documents);
  }

  /** The trace header is sent even when the trace is not sampled. Otherwise each service would decide by itself. */
  #headersOf(call: Call): Record<string, string> {
    return this.#trace === undefined ? {} : { [TRACE_HEADER]: traceHeaderOf(this.#trace, this.#ids[call]) };
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
function subsegmentOf(call: Call, { span, throttled, refused, faults }: RequestStatistics, url: URL) {
  return {
    name: `${call} ${url.host}`,
    namespace: 'remote',
    start_time: (span?.from ?? 0) / MS_PER_SECOND,
    end_time: (span?.to ?? 0) / MS_PER_SECOND,
    http: { request: { method: 'POST', url: shownAddress(url) } },
    throttle: throttled > 0,
    // In X-Ray, `error` means 4xx and `fault` means an error of the service.
    error: throttled + refused > 0,
    fault: faults > 0,
  };
}

function countsOf({ requests, errors, throttled, retries }: RequestStatistics) {
  return { requests, errors, throttled, retries };
}
