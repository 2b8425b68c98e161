import type { ObjectCreated } from '../../lib/run/object-created.ts';
import type { FunctionName, Payloads } from './functions.ts';
import { attemptsOf } from './service.ts';

/** How long before the second and the third attempt Lambda waits, milliseconds. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** An event on its way to a function. */
export interface Delivery<Name extends FunctionName = FunctionName> {
  functionName: Name;
  payload: Payloads[Name];
  /** Function, subject and which event about it: `predict run 1/2 #2`. */
  name: string;
  /** The same for all attempts, and when Lambda delivers it twice. */
  requestId: string;
  attempt: number;
  /** Milliseconds since the epoch. */
  notBefore: number;
  isRepeated?: boolean;
}

/** An event that a function has not survived. */
export type Exhausted = Delivery<'features' | 'predict' | 'report'>;

/** Lambda's queue of asynchronous invocations: what is in it may be taken in any order. */
export class Deliveries {
  waiting: Delivery[] = [];
  /** All that were taken out of it. */
  readonly delivered: Delivery[] = [];
  readonly lost: Delivery[] = [];
  /** Events that nobody but people can deal with any more. */
  readonly abandoned: Delivery[] = [];
  readonly #named = new Map<string, number>();

  /** @param subject what it is about, for people */
  add<Name extends FunctionName>(
    functionName: Name,
    payload: Payloads[Name],
    subject: string,
    notBefore = 0,
  ): Delivery {
    const name = this.#numbered(`${functionName} ${subject}`.trim());
    const delivery = { functionName, payload, name, requestId: name, attempt: 1, notBefore };
    this.waiting.push(delivery);
    return delivery;
  }

  take(delivery: Delivery): void {
    this.#remove(delivery);
    this.delivered.push(delivery);
  }

  /** It is never delivered. */
  lose(delivery: Delivery): void {
    this.#remove(delivery);
    this.lost.push(delivery);
  }

  /**
   * The same event is delivered once more: by Lambda, or because S3 has told of it once more, which Lambda takes for a
   * new one.
   */
  repeat(delivery: Delivery, { isNew = false } = {}): void {
    const name = this.#numbered(delivery.name.replace(/ #\d+$/, ''));
    this.waiting.push({ ...delivery, name, isRepeated: true, ...(isNew ? { requestId: name } : {}) });
  }

  /**
   * An attempt has failed: there is another one, or it is given up.
   *
   * @param isFinal no attempt that follows would come to anything
   */
  fail(delivery: Delivery, time: number, isFinal: boolean): void {
    const wait = RETRY_AFTER_MS[delivery.attempt - 1] ?? 0;
    if (delivery.attempt < attemptsOf(delivery.functionName) && !isFinal) {
      this.waiting.push({ ...delivery, attempt: delivery.attempt + 1, notBefore: time + wait });
    } else if (isExhausted(delivery)) {
      const { object } = delivery.payload;
      const reason = `the function ${delivery.functionName} failed 3 times`;
      this.add('onFailure', { object, reason, attempt: delivery.requestId }, `of ${delivery.name}`);
    } else {
      this.abandoned.push(delivery);
    }
  }

  #remove(delivery: Delivery): void {
    this.waiting = this.waiting.filter((other) => other !== delivery);
  }

  #numbered(about: string): string {
    const count = (this.#named.get(about) ?? 0) + 1;
    this.#named.set(about, count);
    return count === 1 ? about : `${about} #${count}`;
  }
}

function isExhausted(delivery: Delivery): delivery is Delivery & { payload: { object: ObjectCreated } } {
  return ['features', 'predict', 'report'].includes(delivery.functionName);
}
