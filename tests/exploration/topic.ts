import { AsyncLocalStorage } from 'node:async_hooks';
import { type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Invocation } from './invocation.ts';

/** The invocation on whose behalf something is done. */
export const acting = new AsyncLocalStorage<Invocation>();

/** What a topic was told, and by whom. */
export interface Message {
  invocation: Invocation;
  subject: string;
  text: string;
  /** What had been asked of the topic before its sender was about to send it. */
  decidedAt: number;
}

/** A topic that takes whatever is published while work goes on. */
export class FakeTopic {
  readonly messages: Message[] = [];
  #decided = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    const hear = (input: PublishCommandInput) => this.#hear(input);
    const prototype = SNSClient.prototype as { send?: unknown };
    prototype.send = ({ input }: { input: PublishCommandInput }) => hear(input);
    try {
      return await work();
    } finally {
      delete prototype.send;
    }
  }

  async #hear({ Subject = '', Message = '' }: PublishCommandInput): Promise<unknown> {
    const invocation = acting.getStore();
    if (invocation === undefined) throw new Error('nobody is known to publish this');
    const decidedAt = this.#decided++;
    return invocation.turn(`Publish ${Subject}`, () => {
      this.messages.push({ invocation, subject: Subject, text: Message, decidedAt });
      return {};
    });
  }
}
