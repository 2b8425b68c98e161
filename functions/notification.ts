import * as z from 'zod';
import { notifyTopic } from '../lib/notification/notify.ts';
import type { Notify } from '../lib/run/end.ts';
import { parseEnvironment } from './environment.ts';
import { logger } from './observation/log.ts';

/** The ARN of a standard topic. A FIFO topic needs more parameters than a message. */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

const environment = parseEnvironment({
  NOTIFY_TOPIC: z.literal('').or(z.string().regex(TOPIC_ARN, 'is not the ARN of a standard SNS topic')).default(''),
  AWS_REGION: z.string().optional(),
});

/** Notifies NOTIFY_TOPIC, if it is set, that a run has ended. @throws when the topic does not accept the message */
export const notify: Notify = async (summary) => {
  const { NOTIFY_TOPIC: topicArn, AWS_REGION: region } = environment;
  if (topicArn === '') return;
  const { runId, status } = summary;
  await notifyTopic(summary, { topicArn, region });
  logger.info('notification sent', { runId, status });
};

/** Like `notify`, but a failure is only logged: for a function that Lambda does not try again. */
export const notifyOrLog: Notify = async (summary) => {
  try {
    await notify(summary);
  } catch (error) {
    const { runId, status } = summary;
    logger.error('could not send the notification', { runId, status, error });
  }
};
