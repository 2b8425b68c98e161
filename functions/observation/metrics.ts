import * as z from 'zod';
import { parseEnvironment } from '../environment.ts';

export const NAMESPACE = 'member-offers';

/** What a line holds a value of for each of its metrics that has this dimension; never a run's or a member's id. */
export interface Dimensions {
  function?: string;
  endpoint?: string;
  status?: string;
}

type DimensionName = keyof Dimensions;

interface Metric {
  unit: 'Count' | 'Milliseconds';
  /** Besides `stage`. */
  dimensions: readonly DimensionName[];
}

const count = (...dimensions: DimensionName[]): Metric => ({ unit: 'Count', dimensions });
const milliseconds = (...dimensions: DimensionName[]): Metric => ({ unit: 'Milliseconds', dimensions });

/** Every metric that the functions give; docs/operation.md says what each is. */
export const METRICS = {
  Runs: count('status'),
  RunDuration: milliseconds(),
  RunsOverdue: count(),
  RowsRead: count(),
  RowsRejected: count(),
  MembersScored: count(),
  MembersFailed: count(),
  StageDuration: milliseconds('function'),
  StageWait: milliseconds('function'),
  EndpointLatency: milliseconds('endpoint'),
  EndpointRequests: count('endpoint'),
  EndpointErrors: count('endpoint'),
  EndpointThrottles: count('endpoint'),
  EndpointRetries: count('endpoint'),
  CircuitOpenings: count('endpoint'),
  CircuitOpen: count('endpoint'),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** As many as the format allows per metric and line. */
export const MAX_VALUES = 100;

/** One observation, or several of the same metric: `MAX_VALUES` at the most. */
export type MetricValues = Partial<Record<MetricName, number | readonly number[]>>;

const { STAGE: stage } = parseEnvironment({ STAGE: z.string().min(1).default('local') });

/**
 * What a log line holds so that CloudWatch makes metrics of it. Percentiles and sums are CloudWatch's: it is given
 * observations, because percentiles of single batches cannot be put together.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embedded(values: MetricValues, dimensions: Dimensions = {}): Record<string, unknown> {
  const present = Object.entries(METRICS).filter(([name]) => name in values);
  const directives = Map.groupBy(present, ([, metric]) => metric.dimensions.join());
  const CloudWatchMetrics = [...directives.values()].map((metrics) => ({
    Namespace: NAMESPACE,
    Dimensions: [['stage', ...(metrics[0]?.[1].dimensions ?? [])]],
    Metrics: metrics.map(([Name, { unit }]) => ({ Name, Unit: unit })),
  }));
  return { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, stage, ...dimensions, ...values };
}
