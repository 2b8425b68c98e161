import { notifyTopic } from '../../lib/notification/notify.ts';
import type { Notify } from '../../lib/run/end.ts';
import type { ObjectCreated } from '../../lib/run/object-created.ts';
import type { Batching } from '../../lib/stages/features/batches.ts';
import { prepareRun } from '../../lib/stages/features/prepare-run.ts';
import { endAbandoned } from '../../lib/stages/on-failure/end-abandoned.ts';
import type { Deadline } from '../../lib/stages/predict/deadline.ts';
import { type EndpointSource, scoreBatch } from '../../lib/stages/predict/score-batch.ts';
import { writeReport } from '../../lib/stages/report/write-report.ts';
import { resumeRun } from '../../lib/stages/resume/resume-run.ts';
import { reviveStalled } from '../../lib/stages/resume/stalled.ts';
import type { Bucket } from '../../lib/storage/bucket.ts';
import { now } from '../../lib/timing/clock.ts';
import { PARTNERS } from './partners.ts';
import { STALLED } from './service.ts';

/** What a function is started with. */
export interface Payloads {
  features: { object: ObjectCreated };
  predict: { object: ObjectCreated };
  report: { object: ObjectCreated };
  onFailure: { object: ObjectCreated; reason: string; attempt: string };
  /** By hand. */
  resume: { runId: string };
  schedule: Record<never, never>;
}

export type FunctionName = keyof Payloads;

/** What an invocation has around it. */
export interface Surroundings {
  bucket: Bucket;
  endpoints: EndpointSource;
  /** Is passed when time runs short. */
  deadline: Deadline;
  batching: Batching;
  /** The same for all attempts at one event. */
  requestId: string;
}

type Functions = { [Name in FunctionName]: (payload: Payloads[Name], surroundings: Surroundings) => Promise<unknown> };

const RECIPIENT = { topicArn: 'arn:aws:sns:us-east-1:000000000000:run-ends', region: 'us-east-1' };

/** As functions/notification.ts does it. */
const notify: Notify = (summary) => notifyTopic(summary, RECIPIENT);
const notifyOrLog: Notify = (summary) => notify(summary).catch(() => undefined);

/** The stages as their functions call them. */
export const FUNCTIONS: Functions = {
  features: ({ object }, { bucket, batching }) => prepareRun(bucket, object, batching, { partners: PARTNERS }),
  predict: ({ object }, { bucket, endpoints, deadline }) =>
    scoreBatch(bucket, object, { endpoints, concurrency: 2, deadline }),
  report: ({ object }, { bucket, requestId }) => writeReport(bucket, object, { notify, attempt: requestId }),
  onFailure: ({ object, reason, attempt }, { bucket }) =>
    endAbandoned(bucket, object, reason, { notify: notifyOrLog, attempt }),
  resume: ({ runId }, { bucket }) => {
    const time = Math.floor(now());
    return resumeRun(bucket, runId, { retryFailed: true, quietSince: time - STALLED.stalledAfterMs, time });
  },
  schedule: async (_, { bucket }) => reviveStalled(bucket, STALLED, Math.floor(now())),
};
