import { type Call, callsOf } from '../../lib/calls.ts';
import type { Callable } from '../../lib/endpoints/callable.ts';
import type { DeployedCalls } from '../../lib/endpoints/deployed-calls.ts';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
import { OFFER } from '../../lib/partners/labels.ts';
import type { Row } from '../../lib/protocols/protocol.ts';
import { layoutOf } from '../../lib/protocols/protocols.ts';
import { type Member, predictionIn, type ScoredMember } from '../../lib/run/contracts.ts';
import type { CallablePartner, ScoringSettings } from '../shared/scoring.ts';
import { advisedRows, agreementOf, type BatchAgreement } from './batch-advice.ts';
import { type MeasuredBatches, measureBatches, SIZES } from './batch-measuring.ts';

/** Of all calls together; a request that has begun may take its time. */
export const MEASURING_MS = 20_000;

/** What is known of a call's requests with several members. */
export interface CallBatches {
  call: Call;
  /** Whether there can be none. */
  isSingle: boolean;
  /** Undefined when no member was answered. */
  measured: MeasuredBatches<number | string> | undefined;
  timeoutMs: number;
  /** By the partner's file, or the usual ones. */
  rows: number;
  /** Undefined when none can be called safe. */
  advised: number | undefined;
  agreement: BatchAgreement | undefined;
}

interface MeasuringSettings {
  settings: ScoringSettings;
  /** To fill requests with. */
  first: readonly Member[];
  /** The first of these, after their calls. */
  scored: readonly ScoredMember[];
  clock: () => number;
}

/** Rows of one call. */
interface CallRows {
  rows: readonly Row[];
  /** What some of them were answered alone. */
  alone: ReadonlyMap<Row, number | string>;
}

/** Measures requests with several members for each call that can have them. */
export async function measureCalls(partner: CallablePartner, measuring: MeasuringSettings): Promise<CallBatches[]> {
  const { definition } = measuring.settings.partner;
  const { calls, endpointsOf } = partner;
  const { all } = callsOf(definition);
  const endpoints = endpointsOf(calls);
  const measured = endpointsOf(measuredCalls(calls));
  const share = MEASURING_MS / Math.max(1, all.filter(({ name }) => !isSingle(name, calls)).length);
  const batches: CallBatches[] = [];
  for (const call of all) {
    const { name } = call;
    const endpoint = endpointOf(measured, name);
    const known = {
      call,
      isSingle: isSingle(name, calls),
      rows: endpoints.byCall.get(name)?.limits.rows ?? 1,
      timeoutMs: calls.limitsOf(name).timeoutMs ?? measuring.settings.resilience.timeoutMs,
    };
    const rows = name === OFFER ? offerRows(endpoints, measuring) : modelRows(name, endpoints, measuring);
    const isMeasured = !known.isSingle && endpoint !== undefined && rows.alone.size > 0;
    const times = isMeasured
      ? await measure(endpoint, rows, { calls, name, forMs: share, clock: measuring.clock })
      : undefined;
    batches.push({
      ...known,
      measured: times,
      advised: times && advisedRows(times.sizes, known.timeoutMs),
      agreement: times && agreementOf(rows.alone, times),
    });
  }
  return batches;
}

/** Whether a call's requests cannot have several members. */
export function isSingle(call: string, calls: DeployedCalls): boolean {
  return layoutOf(calls.mannerOf(call)).isSingle ?? false;
}

function measure(
  endpoint: Callable<number | string>,
  { rows, alone }: CallRows,
  { calls, name, forMs, clock }: { calls: DeployedCalls; name: string; forMs: number; clock: () => number },
): Promise<MeasuredBatches<number | string>> {
  const answered = [...alone.keys()];
  const { requestsPerSecond } = calls.limitsOf(name);
  return measureBatches({
    endpoint,
    rows: rows.length === answered.length ? answered : rows,
    answered,
    forMs,
    restMs: requestsPerSecond === undefined ? 0 : 1000 / requestsPerSecond,
    clock,
  });
}

function endpointOf({ models, offer }: Endpoints, call: string): Callable<number | string> | undefined {
  return call === OFFER ? offer?.endpoint : models.find(({ name }) => name === call)?.endpoint;
}

/** At the same addresses: each request is tried once, and has as many rows as are measured. */
function measuredCalls(calls: DeployedCalls): DeployedCalls {
  return {
    ...calls,
    // Turns are waited for between measurements, not within them.
    limitsOf: (call) => ({ ...calls.limitsOf(call), attempts: 1, requestsPerSecond: undefined }),
    mannerOf: (call) => {
      const { batch, ...manner } = calls.mannerOf(call);
      return { ...manner, batch: { ...batch, rows: Math.max(...SIZES) } };
    },
  };
}

function modelRows(name: string, { models }: Endpoints, { first, scored }: MeasuringSettings): CallRows {
  const model = models.find((one) => one.name === name);
  const rows = model === undefined ? [] : first.map(({ features }) => model.rowOf(features));
  const alone = new Map<Row, number>();
  for (const [place, row] of rows.slice(0, scored.length).entries()) {
    const outcome = scored[place]?.outcome;
    const prediction = outcome && predictionIn(outcome, name);
    if (prediction !== undefined) alone.set(row, prediction);
  }
  return { rows, alone };
}

/** Of the members that were scored: there are predictions of no others. */
function offerRows({ models, offer }: Endpoints, { scored }: MeasuringSettings): CallRows {
  const alone = new Map<Row, string>();
  for (const { outcome } of scored) {
    if (offer === undefined || outcome.status !== 'SCORED' || outcome.offer === undefined) continue;
    const predictions = Object.fromEntries(models.map(({ name }) => [name, predictionIn(outcome, name)]));
    alone.set(offer.rowOf(predictions), outcome.offer);
  }
  return { rows: [...alone.keys()], alone };
}
