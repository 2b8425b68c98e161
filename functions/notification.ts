import * as z from 'zod';
import { notifyTopic } from '../lib/notification/notify.ts';
import type { Notify } from '../lib/run/end.ts';
import { parseEnvironment } from './environment.ts';
import { logger } from './observation/log.ts';

/** Of a topic that keeps no order: one that does wants more than a message. */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

const environment = parseEnvironment({
  NOTIFY_TOPIC: z.literal('').or(z.string().regex(TOPIC_ARN, 'is not the ARN of a standard SNS topic')).default(''),
  AWS_REGION: z.string().optional(),
});

/** Tells NOTIFY_TOPIC, where there is one, that a run has ended. @throws when it does not take the message */
export const notify: Notify = async (summary) => {
  const { NOTIFY_TOPIC: topicArn, AWS_REGION: region } = environment;
  if (topicArn === '') return;
  const { runId, status } = summary;
  await notifyTopic(summary, { topicArn, region });
  logger.info('told of the end of the run', { runId, status });
};

/** The same where nobody is left to try it again: that it fails is logged. */
export const notifyOrLog: Notify = async (summary) => {
  try {
    await notify(summary);
  } catch (error) {
    const { runId, status } = summary;
    logger.error('could not tell of the end of the run', { runId, status, error });
  }
};
