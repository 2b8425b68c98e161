import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { EndMessage } from './message.ts';

const ATTEMPTS = 3;

/** For all of them: whoever is told must not keep a function at work. */
const TIMEOUT_MS = 10_000;

/** Hands a message to a topic, which may be in another region. @throws when the topic does not take it in time */
export async function publish(topicArn: string, { subject, text, status }: EndMessage): Promise<void> {
  const [, , , region = ''] = topicArn.split(':');
  const sns = new SNSClient({ region, maxAttempts: ATTEMPTS });
  const command = new PublishCommand({
    TopicArn: topicArn,
    Subject: subject,
    Message: text,
    MessageAttributes: { status: { DataType: 'String', StringValue: status } },
  });
  try {
    await sns.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  } finally {
    sns.destroy();
  }
}
