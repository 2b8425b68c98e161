import { S3Client } from '@aws-sdk/client-s3';
import type { Answer } from './requests.ts';

/** Answers a command; what it throws the command throws. */
export type Answering = (commandName: string, input: Record<string, unknown>) => Promise<Answer>;

const client = new S3Client({
  region: 'us-east-1',
  // Nothing is ever sent there: the client wants to know how the address of an upload would begin.
  endpoint: 'http://memory.invalid',
  credentials: { accessKeyId: 'memory', secretAccessKey: 'memory' },
});

/** A real client whose commands are answered before anything is made of them that could be sent. */
export function clientOf(answering: Answering): S3Client {
  const middlewareStack = client.middlewareStack.clone();
  middlewareStack.add(
    (_, { commandName = '' }) =>
      async ({ input }) => ({
        output: { $metadata: {}, ...(await answering(commandName, { ...input })) },
        response: undefined,
      }),
    { step: 'initialize', priority: 'high', name: 'answerFromMemory' },
  );
  return Object.create(client, { middlewareStack: { value: middlewareStack } });
}
