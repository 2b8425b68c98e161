import * as z from 'zod';
import { parseEnvironment } from '../environment.ts';

export const NAMESPACE = 'member-offers';

/** The values of the dimensions that a line's metrics have; never a run's or a member's id. */
export interface Dimensions {
  function?: string;
  endpoint?: string;
  status?: string;
}

type DimensionName = keyof Dimensions;

interface Metric {
  unit: 'Count' | 'Milliseconds';
  /** The dimensions besides `stage`. */
  dimensions: readonly DimensionName[];
}

const count = (...dimensions: DimensionName[]): Metric => ({ unit: 'Count', dimensions });
const milliseconds = (...dimensions: DimensionName[]): Metric => ({ unit: 'Milliseconds', dimensions });

/** All metrics of the functions; docs/operation.md explains each. */
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
  EndpointRows: count('endpoint'),
  EndpointErrors: count('endpoint'),
  EndpointThrottles: count('endpoint'),
  EndpointRetries: count('endpoint'),
  CircuitOpenings: count('endpoint'),
  CircuitOpen: count('endpoint'),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** The largest number of values per metric and line that the format allows. */
export const MAX_VALUES = 100;

/** For each metric one observation, or several, at most `MAX_VALUES`. */
export type MetricValues = Partial<Record<MetricName, number | readonly number[]>>;

const { STAGE: stage } = parseEnvironment({ STAGE: z.string().min(1).default('local') });

/**
 * The fields of a log line from which CloudWatch makes metrics. They hold observations, and CloudWatch calculates sums
 * and percentiles: percentiles of single batches could not be combined.
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
