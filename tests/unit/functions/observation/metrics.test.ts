import { metricsOf } from '../../../../functions/observation/endpoint-traffic.ts';
import { embedded } from '../../../../functions/observation/metrics.ts';
import { Traffic } from '../../../../lib/endpoints/traffic.ts';
import { now } from '../../../../lib/timing.ts';

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

  it('hold every latency, 100 in a line, which is as many as a line may have', () => {
    const traffic = new Traffic();
    for (let request = 0; request < 250; request++) {
      traffic.send(false);
      traffic.end(now());
    }
    const lines = metricsOf(traffic, up);
    expect(lines.map(({ EndpointLatency }) => Object(EndpointLatency).length)).toEqual([100, 100, 50]);
    expect(lines.map(({ EndpointRequests }) => EndpointRequests)).toEqual([250, undefined, undefined]);
    expect(lines.flatMap(({ EndpointLatency }) => EndpointLatency)).toEqual(
      traffic.latenciesMs.map((ms) => Number(ms.toFixed(3))),
    );
  });

  it('are none when nothing was sent to it', () => {
    expect(metricsOf(new Traffic(), up)).toEqual([]);
  });

  it('say that it is down, though nothing is sent to it any more', () => {
    expect(metricsOf(new Traffic(), { takeOpenings: () => 0, isDown: true })).toEqual([
      expect.objectContaining({ EndpointRequests: 0, CircuitOpenings: 0, CircuitOpen: 1 }),
    ]);
  });
});
