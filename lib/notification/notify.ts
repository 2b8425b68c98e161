import type { Summary } from '../run/summary.ts';
import { endMessage } from './message.ts';

export interface Recipient {
  topicArn: string;
  /** Where the bucket is. */
  region: string | undefined;
}

/** Tells a topic that a run has ended. @throws when the topic does not take the message */
export async function notifyTopic(summary: Summary, { topicArn, region }: Recipient): Promise<void> {
  // Loaded by those alone that have somebody to tell.
  const { publish } = await import('./sns.ts');
  await publish(topicArn, endMessage(summary, region));
}
