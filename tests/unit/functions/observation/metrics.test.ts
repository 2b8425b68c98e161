import { metricsOf } from '../../../../functions/observation/endpoint-statistics.ts';
import { embedded } from '../../../../functions/observation/metrics.ts';
import { RequestStatistics } from '../../../../lib/endpoints/request-statistics.ts';

describe('metrics in a log line', () => {
  it('say of each its unit and dimensions, and hold its value', () => {
    const before = Date.now();
    const line = embedded({ RowsRead: 12, RowsRejected: 0, StageDuration: 3.5 }, { function: 'features' });
    expect(line).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'member-offers',
            Dimensions: [['stage']],
            Metrics: [
              { Name: 'RowsRead', Unit: 'Count' },
              { Name: 'RowsRejected', Unit: 'Count' },
            ],
          },
          {
            Namespace: 'member-offers',
            Dimensions: [['stage', 'function']],
            Metrics: [{ Name: 'StageDuration', Unit: 'Milliseconds' }],
          },
        ],
      },
      stage: 'local',
      function: 'features',
      RowsRead: 12,
      RowsRejected: 0,
      StageDuration: 3.5,
    });
    expect(Object(line._aws).Timestamp).toBeGreaterThanOrEqual(before);
  });
});

describe('the metrics of an endpoint', () => {
  const up = { takeOpenings: () => 0, isDown: false };

  it('hold every latency of up to 100 requests, as they came', () => {
    const statistics = new RequestStatistics();
    statistics.send(false);
    statistics.latenciesMs.push(30.00049, 10, 20);
    expect(metricsOf(statistics, up)).toMatchObject({ EndpointRequests: 1, EndpointLatency: [30, 10, 20] });
  });

  it('tell rows from requests', () => {
    const statistics = new RequestStatistics();
    statistics.send(false, 200);
    statistics.send(true, 150);
    expect(metricsOf(statistics, up)).toMatchObject({ EndpointRequests: 2, EndpointRows: 350, EndpointRetries: 1 });
  });

  it('hold of more requests 100 latencies from the shortest to the longest, evenly spaced', () => {
    const statistics = new RequestStatistics();
    statistics.send(false);
    // 199 values, the longest first: 198, 197, … 0. Every second one is taken.
    statistics.latenciesMs.push(...Array.from({ length: 199 }, (_, index) => 198 - index));
    expect(metricsOf(statistics, up)?.EndpointLatency).toEqual(Array.from({ length: 100 }, (_, index) => 2 * index));
  });

  it('are none when nothing was sent to it', () => {
    expect(metricsOf(new RequestStatistics(), up)).toBeUndefined();
  });

  it('say that it is down, though nothing is sent to it any more', () => {
    expect(metricsOf(new RequestStatistics(), { takeOpenings: () => 0, isDown: true })).toMatchObject({
      EndpointRequests: 0,
      CircuitOpenings: 0,
      CircuitOpen: 1,
    });
  });
});
