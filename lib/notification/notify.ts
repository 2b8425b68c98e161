import type { Summary } from '../run/summary.ts';
import { endMessage } from './message.ts';

export interface Recipient {
  topicArn: string;
  /** Region of the bucket. */
  region: string | undefined;
}

/** Sends the notification of a run's end to a topic. @throws when the topic does not accept it */
export async function notifyTopic(summary: Summary, { topicArn, region }: Recipient): Promise<void> {
  // Loaded here, so that a function without a topic does not load the SNS client.
  const { publish } = await import('./sns.ts');
  await publish(topicArn, endMessage(summary, region));
}
