import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import { CallFailedError } from '../../endpoints/errors.ts';
import type { Row } from '../../protocols/protocol.ts';

/** So many rows in a row are refused, each alone, before the endpoint is suspected to refuse them all. */
const SUSPICIOUS = 64;

/** So many rows of a request at the most are asked for before the others are given up. */
const SAMPLED = 3;

/**
 * Finds out that an endpoint refuses every row, for instance because it was deployed with other features: then the rest is
 * not halved to find rows that it would answer. It is suspected after `SUSPICIOUS` rows that were refused alone with no
 * answer between them. One that has answered is asked once more for what it has answered before. One that has never is
 * asked for some of the rows that are next: the first ones may be refused because they are alike, as rows are that stand
 * side by side in a file.
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

  /** Why none of these rows need be sent together; undefined when they are to be sent. */
  async verdict(rows: readonly Row[], options: CallOptions): Promise<CallFailedError | undefined> {
    if (this.#verdict !== undefined || this.#refused < SUSPICIOUS) return this.#verdict;
    if (this.#answered === undefined) return this.#sample(rows, options);
    this.#checking ??= this.#check(this.#answered, options).finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
    return this.#verdict;
  }

  /** Asks for some of the rows, until one is answered. */
  async #sample(rows: readonly Row[], options: CallOptions): Promise<CallFailedError | undefined> {
    const sampled = sampleOf(rows);
    // Few rows are no fewer requests when they are sampled.
    if (sampled.length === rows.length) return undefined;
    for (const row of sampled) if (!(await this.#isRefused(row, options))) return undefined;
    return this.#failure(`the ${this.#refused} rows that it was asked for alone`);
  }

  async #check(row: Row, options: CallOptions): Promise<void> {
    if (await this.#isRefused(row, options)) this.#verdict = this.#failure('one that it had answered before');
  }

  /** Keeps its place while it waits for another attempt: those that would have it meanwhile may wait for the answer. */
  async #isRefused(row: Row, { rest: _, ...options }: CallOptions): Promise<boolean> {
    try {
      await this.#endpoint.call(row, options);
      this.answered(row);
      return false;
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      const isRefused = error.divisible === 'yes';
      // What fails otherwise says nothing of refusals: it is found out once more after so many others.
      if (!isRefused) this.#refused = 0;
      return isRefused;
    }
  }

  #failure(refused: string): CallFailedError {
    const { message = '' } = this.#latest ?? {};
    return new CallFailedError(
      `${message}; it refused ${refused}, too, and was not asked for this one`,
      0,
      this.#latest?.cause,
    );
  }
}

/** The last of the rows, and some at even distances before it. */
function sampleOf(rows: readonly Row[]): Row[] {
  const share = Math.max(1, Math.ceil(rows.length / SAMPLED));
  return rows.filter((_, place) => (rows.length - 1 - place) % share === 0);
}
