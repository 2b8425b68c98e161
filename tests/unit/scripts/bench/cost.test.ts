import { costOfRun, costText, type UsageOfMembers } from '../../../../scripts/bench/cost.ts';
import {
  onLambda,
  type RequestWait,
  scoringSeconds,
  waitingSeconds,
} from '../../../../scripts/bench/lambda-seconds.ts';
import { distributedMap } from '../../../../scripts/bench/step-functions.ts';

const RUN: UsageOfMembers = {
  members: 500_000,
  stages: [{ name: 'predict', invocations: 1000, seconds: 600, memoryMb: 512, s3: { writes: 2000, reads: 5000 } }],
  stored: { bytes: 1024 ** 3, days: 3 },
};

describe('The cost of a run', () => {
  it('is given with arithmetic that can be checked by hand', () => {
    expect(costOfRun(RUN).rows).toEqual([
      ['', 'quantity', 'price', 'USD'],
      ['predict: Lambda time', '600 s × 512 MB / 1024 = 300', '$0.0000133334 per GB-second', '$0.004000'],
      ['predict: Lambda requests', '1,000', '$0.2 per 1,000,000 invocations', '$0.000200'],
      ['predict: S3 PUT, COPY, LIST', '2,000', '$0.005 per 1,000 requests', '$0.010000'],
      ['predict: S3 GET, HEAD', '5,000', '$0.0004 per 1,000 requests', '$0.002000'],
      ['S3 storage', '1,073,741,824 bytes / 1024³ × 3 / 30 days = 0.1', '$0.023 per GB-month', '$0.002300'],
      ['sum', '500,000 members', '', '$0.018500'],
      ['per million members', '$0.018500 × 1,000,000 / 500,000', '', '$0.037000'],
    ]);
  });

  it('stands beside what a workflow per member costs for as many members', () => {
    const text = costText(costOfRun(RUN), RUN);
    expect(text).toContainEqual(expect.stringMatching(/standard children: 2 state transitions .*\$25\.000000$/));
    expect(text.at(-1)).toMatch(/^Prices of us-east-1, 2026-11, .*https:\/\/aws\.amazon\.com\/lambda\/pricing\//);
  });
});

describe('Step Functions with a workflow per member', () => {
  it('costs $50 per million with standard children: one transition for starting each, one for its state', () => {
    expect(distributedMap(1_000_000).standardUsd).toBeCloseTo(50, 9);
  });

  it('costs at least $26.10 per million with express children', () => {
    // 25 for the transitions, 1 for the requests, 1,000,000 × 0.1 s × 1/16 GB × 0.00001667 = 0.1041875
    expect(distributedMap(1_000_000).expressUsd).toBeCloseTo(26.1041875, 9);
  });
});

describe('Seconds on Lambda', () => {
  it('are more where the memory buys less than a core, and not fewer where it buys more', () => {
    expect(onLambda(100, 1024)).toBeCloseTo(172.75390625, 9);
    expect(onLambda(100, 2048)).toBe(100);
  });

  it('that go by with waiting are shared by the members in progress', () => {
    // 1,000,000 members × 0.08 s / 32
    expect(waitingSeconds({ members: 1_000_000, concurrency: 32, waits: [{ latencyMs: 80 }] })).toBe(2500);
  });

  it('that go by with waiting for a request are shared by the members that it is about', () => {
    const waits = [
      { latencyMs: 50, rowsPerRequest: 200 },
      { latencyMs: 10, rowsPerRequest: 1 },
    ];
    // 5,000 requests × 0.05 s / 32, and 1,000,000 × 0.01 s / 32
    expect(waitingSeconds({ members: 1_000_000, concurrency: 32, waits })).toBe(7.8125 + 312.5);
  });

  it('go by with waiting for one request in each invocation, however few requests it has', () => {
    const waits = [{ latencyMs: 50, rowsPerRequest: 200 }];
    // 5 requests each, which go out at the same time: 10 × 0.05 s, not 10 × 5 / 32 × 0.05 s
    expect(waitingSeconds({ members: 10_000, invocations: 10, concurrency: 32, waits })).toBe(0.5);
    // 990 members are five requests, the last of which is not full; two at a time are 2.5 × 0.05 s.
    expect(waitingSeconds({ members: 990, concurrency: 2, waits })).toBe(0.125);
  });

  it('cost what waiting and work take together, so that requests about many members save most of it', () => {
    const usdOf = (wait: RequestWait) => {
      const waiting = { members: 1_000_000, invocations: 40, concurrency: 32, waits: [wait, wait] };
      const seconds = scoringSeconds(30, waiting);
      const predict = { name: 'predict', invocations: 40, seconds, memoryMb: 1024, s3: { writes: 0, reads: 0 } };
      return costOfRun({ members: 1_000_000, stages: [predict] }).usdPerMillion;
    };
    // 30 s + 2 × 1,000,000 × 0.05 s / 32 = 3,155 s, and 40 invocations for 0.000008
    expect(usdOf({ latencyMs: 50 })).toBeCloseTo(3155 * 0.0000133334 + 0.000008, 12);
    // 30 s + 2 × 40 invocations × 125 requests × 0.05 s / 32 = 45.625 s
    expect(usdOf({ latencyMs: 50, rowsPerRequest: 200 })).toBeCloseTo(45.625 * 0.0000133334 + 0.000008, 12);
  });
});
