import type { Bucket } from '../../lib/bucket.ts';
import type { Endpoints } from '../../lib/endpoints/endpoints.ts';
import type { Upload } from '../../lib/layout.ts';
import type { Deadline } from '../../lib/members/deadline.ts';
import { type Announce, tellOfEnd } from '../../lib/notification/telling.ts';
import type { Batching } from '../../lib/stages/batches.ts';
import { prepareRun } from '../../lib/stages/features.ts';
import { giveUp } from '../../lib/stages/give-up.ts';
import { scoreBatch } from '../../lib/stages/predict.ts';
import { writeReport } from '../../lib/stages/report.ts';
import { resumeRun } from '../../lib/stages/resume.ts';
import { reviveStalled } from '../../lib/stages/stalled.ts';
import { now } from '../../lib/timing.ts';

/** An object's creation as an event tells of it. */
export type ObjectEvent = Omit<Upload, 'uploadedAt'> & { createdAt: Date };

/** What a function is started with. */
export interface Payloads {
  features: { object: ObjectEvent };
  predict: { object: ObjectEvent };
  report: { object: ObjectEvent };
  giveUp: { object: ObjectEvent; reason: string; attempt: string };
  /** By hand. */
  resume: { runId: string };
  schedule: Record<never, never>;
}

export type FunctionName = keyof Payloads;

/** What an invocation has of the world. */
export interface Surroundings {
  bucket: Bucket;
  endpoints: Endpoints;
  /** Is passed when time runs short. */
  deadline: Deadline;
  batching: Batching;
  /** The same for all attempts at one event. */
  requestId: string;
}

type Functions = { [Name in FunctionName]: (payload: Payloads[Name], surroundings: Surroundings) => Promise<unknown> };

const MS_PER_MINUTE = 60_000;
/** As in serverless.yml. */
export const STALLED_AFTER_MS = 60 * MS_PER_MINUTE;
const STALLED = {
  stalledAfterMs: STALLED_AFTER_MS,
  eventLifeMs: 6 * 60 * MS_PER_MINUTE,
  windowMs: 24 * 60 * MS_PER_MINUTE,
};

const RECIPIENT = { topicArn: 'arn:aws:sns:us-east-1:000000000000:run-ends', region: 'us-east-1' };

/** As functions/announcement.ts does it. */
const announce: Announce = (summary) => tellOfEnd(summary, RECIPIENT);
const announceAtLast: Announce = (summary) => announce(summary).catch(() => undefined);

/** The stages as the functions of serverless.yml call them. */
export const FUNCTIONS: Functions = {
  features: ({ object }, { bucket, batching }) => {
    const { createdAt, ...upload } = object;
    return prepareRun(bucket, { ...upload, uploadedAt: createdAt }, batching);
  },
  predict: ({ object }, { bucket, endpoints, deadline }) =>
    scoreBatch(bucket, object, { endpoints, concurrency: 2, deadline }),
  report: ({ object }, { bucket, requestId }) => writeReport(bucket, object, { announce, attempt: requestId }),
  giveUp: ({ object, reason, attempt }, { bucket }) =>
    giveUp(bucket, object, reason, { announce: announceAtLast, attempt }),
  resume: ({ runId }, { bucket }) => {
    const time = Math.floor(now());
    return resumeRun(bucket, runId, { retryFailed: true, quietSince: time - STALLED_AFTER_MS, time });
  },
  schedule: async (_, { bucket }) => reviveStalled(bucket, STALLED, Math.floor(now())),
};
