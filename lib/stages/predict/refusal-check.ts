import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { Row } from '../../protocols/protocol.ts';

/** So many rows in a row are refused, each alone, before the endpoint is suspected to refuse them all. */
const SUSPICIOUS = 64;

/**
 * Finds out that an endpoint refuses every row, for instance because it was deployed with other features: then the rest is
 * not halved to find rows that it would answer. It is suspected after `SUSPICIOUS` rows that were refused alone with no
 * answer between them. One that has never answered is not asked any more then; one that has is asked once more for what it
 * has answered before.
 */
export class RefusalCheck<T> {
  readonly #endpoint: Callable<T>;
  #refused = 0;
  #latest: CallFailedError | undefined;
  #answered: Row | undefined;
  #checking: Promise<void> | undefined;
  #verdict: CallFailedError | undefined;

  constructor(endpoint: Callable<T>) {
    this.#endpoint = endpoint;
  }

  /** To be called when a row has been answered. */
  answered(row: Row): void {
    this.#refused = 0;
    this.#answered = row;
  }

  /** To be called when a row has been refused that was alone in its request. */
  refused(failure: CallFailedError): void {
    this.#refused += 1;
    this.#latest = failure;
  }

  /** Why no row need be sent any more; undefined when they are to be sent. */
  async verdict(options: CallOptions): Promise<CallFailedError | undefined> {
    if (this.#verdict === undefined && this.#refused >= SUSPICIOUS) {
      this.#checking ??= this.#check(options).finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    return this.#verdict;
  }

  async #check(options: CallOptions): Promise<void> {
    if (this.#answered === undefined) return this.#conclude(`the ${this.#refused} rows that it was asked for alone`);
    try {
      await this.#endpoint.call(this.#answered, options);
      this.#refused = 0;
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      if (error.divisible === 'yes') this.#conclude('one that it had answered before');
    }
  }

  #conclude(refused: string): void {
    const { message = '' } = this.#latest ?? {};
    this.#verdict = new CallFailedError(
      `${message}; it refused ${refused}, too, and was not asked for this one`,
      0,
      this.#latest?.cause,
    );
  }
}
