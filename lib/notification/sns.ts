import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { EndMessage } from './message.ts';

const ATTEMPTS = 3;

/** For all attempts together. A slow topic must not keep the function running. */
const TIMEOUT_MS = 10_000;

/** Sends a message to a topic, which may be in another region. @throws when the topic does not accept it in time */
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
