import { batchesOnAws } from '../batching.ts';
import { costOfRun, costText, type UsageOfMembers } from '../cost.ts';
import type { Figure } from '../figure.ts';
import { SERVICE } from '../measured-service.ts';
import { spreadOfRounds } from '../rounds.ts';
import type { Measurement } from '../task.ts';
import { LARGE_BATCHES, LARGE_MEMBERS } from './large.ts';
import type { Invoked } from './saturation.ts';

const MILLION = 1_000_000;

const memoryMb = (functionName: string) => SERVICE.function(functionName).memorySize;

/** The measurements of each stage. */
export interface StageMeasurements {
  features: Measurement;
  predict: Invoked;
  report: Measurement;
}

/** The cost of a million members, from the measured times of the stages and their requests to S3. */
export function cost({ features, predict, report }: StageMeasurements): { figure: Figure; text: string[] } {
  const fromLarge = MILLION / LARGE_MEMBERS;
  const secondsOf = ({ ms }: Measurement, factor: number) => (ms * factor) / 1000;
  const batches = batchesOnAws(MILLION);
  // The batches of a million members that the large file does not have: each is written and its result read once.
  const more = batches - LARGE_BATCHES;
  const usage: UsageOfMembers = {
    members: MILLION,
    stages: [
      {
        name: 'features',
        invocations: 1,
        seconds: secondsOf(features, fromLarge),
        memoryMb: memoryMb('features'),
        s3: { ...features.s3, writes: features.s3.writes + more },
      },
      {
        name: 'predict',
        invocations: batches,
        seconds: secondsOf(predict.measurement, MILLION / predict.members),
        memoryMb: memoryMb('predict'),
        s3: { writes: predict.measurement.s3.writes * batches, reads: predict.measurement.s3.reads * batches },
      },
      {
        name: 'report',
        invocations: 1,
        seconds: secondsOf(report, fromLarge),
        memoryMb: memoryMb('report'),
        // The number of parts that are uploaded grows with the members.
        s3: { writes: Math.ceil(report.s3.writes * fromLarge), reads: report.s3.reads + more },
      },
    ],
  };
  const run = costOfRun(usage);
  return {
    figure: {
      name: predict.rows === 1 ? 'USD per million members' : 'the same, batched',
      value: spreadOfRounds([run.usdPerMillion]),
      digits: 3,
      ...(predict.rows > 1 && { target: { atMost: 0.01 } }),
      detail: `endpoints that take ${predict.latencyMs} ms, ${predict.rows} members per request; one state per member in Step Functions alone: ${run.stepFunctions.standardUsd.toFixed(0)} USD`,
    },
    text: costText(run, usage),
  };
}
