import type { Answers, CallHistory, CallOptions, RowsRequest } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import { CallFailedError, CONTENT_TOO_LARGE, type EndpointError } from '../../endpoints/errors.ts';
import type { Row } from '../../protocols/protocol.ts';
import { now } from '../../timing/clock.ts';
import type { WaitingRow } from './asked-rows.ts';
import { RefusalCheck } from './refusal-check.ts';

/** Rows as they are sent. */
interface Sent<T> {
  rows: readonly WaitingRow<T>[];
  request: RowsRequest;
}

/** Rows that belong together, and what is known of them. */
interface Group<T> {
  rows: readonly WaitingRow<T>[];
  /** As they are sent, when that has been made. */
  request?: RowsRequest;
  history: CallHistory;
  /** Whether one of them is bad: they were refused together with others, which have been answered since. */
  hasBadRow: boolean;
}

/** What came of a group. */
interface Outcome {
  /** Whether it was answered as it is. */
  isAnswered: boolean;
  /** How many of its rows have failed for good. */
  lost: number;
}

/**
 * Has rows answered together, and halves what is refused until a row that cannot be answered stands alone.
 *
 * One bad row among n costs at most 2 · log2(n) further requests: of two halves the smaller is sent first, and when it is
 * answered, the bad row is in the other, which is halved without being sent. However many bad rows there are, there are
 * fewer than 2 requests for each row. Requests that fail as a whole, by a 500 or a time-out, cost one more each.
 */
export class Halving<T> {
  readonly #endpoint: Callable<T>;
  readonly #refusals: RefusalCheck<T>;
  /** How many rows a request may have: fewer than the partner file says once the server has taken no more. */
  mostRows: number;
  /** The most rows that one request had an answer for. */
  #mostAnswered = 0;

  constructor(endpoint: Callable<T>) {
    this.#endpoint = endpoint;
    this.#refusals = new RefusalCheck(endpoint);
    this.mostRows = endpoint.limits.rows;
  }

  /** Settles each of the rows that are in a request. @param options without a history */
  async settle({ rows, request }: Sent<T>, options: CallOptions): Promise<void> {
    await this.#settle({ rows, request, history: { failures: 0 }, hasBadRow: false }, options);
  }

  async #settle(group: Group<T>, options: CallOptions): Promise<Outcome> {
    const { rows, history, hasBadRow } = group;
    const asked = group.request?.rows ?? rows.map(({ row }) => row);
    const verdict = await this.#refusals.verdict(asked, options);
    if (verdict !== undefined) return this.#lose(rows, verdict);
    if (rows.length > 1 && (hasBadRow || rows.length > this.mostRows)) return this.#halve(group, options);
    const from = now();
    try {
      const request = group.request ?? this.#endpoint.fit(asked);
      const answers = await this.#endpoint.callAll(request, { ...options, history });
      return { isAnswered: true, lost: await this.#takeAnswers(rows, answers, from, { ...options, history }) };
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      for (const waiting of rows) waiting.count(error.attempts, from);
      return this.#divide(group, error, options);
    }
  }

  /** Rows whose part of an answer cannot be used are asked for again together. @returns how many have failed for good */
  async #takeAnswers(
    rows: readonly WaitingRow<T>[],
    answers: Answers<T>,
    from: number,
    options: CallOptions & { history: CallHistory },
  ): Promise<number> {
    this.#mostAnswered = Math.max(this.#mostAnswered, rows.length);
    const { attempts } = answers;
    const requests = { attempts, span: { from, to: now() } };
    const rest: WaitingRow<T>[] = [];
    const problems: EndpointError[] = [];
    let answered: Row | undefined;
    for (const [place, waiting] of rows.entries()) {
      const answer = answers.rows[place];
      if (answer === undefined || 'problem' in answer) {
        waiting.count(attempts, from);
        rest.push(waiting);
        if (answer !== undefined) problems.push(answer.problem);
      } else {
        waiting.answer(answer.value, requests);
        answered = waiting.row;
      }
    }
    if (answered !== undefined) this.#refusals.answered(answered);
    const [problem] = problems;
    if (problem === undefined) return 0;
    try {
      await this.#endpoint.waitAfter(problem, options);
    } catch (error) {
      if (!(error instanceof CallFailedError)) throw error;
      return this.#lose(rest, error, problems).lost;
    }
    const { lost } = await this.#settle({ rows: rest, history: options.history, hasBadRow: false }, options);
    return lost;
  }

  /** What is to become of rows that were not answered together. */
  async #divide(group: Group<T>, error: CallFailedError, options: CallOptions): Promise<Outcome> {
    const { rows, history } = group;
    if (rows.length === 1) {
      if (error.divisible === 'yes' && error.attempts > 0) this.#refusals.refused(error);
      return this.#lose(rows, error);
    }
    if (error.divisible === 'no') return this.#lose(rows, error);
    const isTooLarge = error.status === CONTENT_TOO_LARGE;
    if (isTooLarge) this.mostRows = Math.min(this.mostRows, Math.floor(rows.length / 2));
    // Of what was refused one row must be the reason, unless there were too many. A failure as a whole may be chance.
    const isRefusal = error.divisible === 'yes';
    const { lost } = await this.#halve(
      { rows, history: isRefusal ? { failures: 0 } : history, hasBadRow: isRefusal && !isTooLarge },
      options,
    );
    // There is no bad row: together they were too many.
    if (lost === 0 && this.#mostAnswered < rows.length) this.mostRows = Math.min(this.mostRows, this.#mostAnswered);
    return { isAnswered: false, lost };
  }

  async #halve({ rows, history, hasBadRow }: Group<T>, options: CallOptions): Promise<Outcome> {
    const middle = Math.floor(rows.length / 2);
    const first = { rows: rows.slice(0, middle), history: { ...history }, hasBadRow: false };
    const { isAnswered, lost } = await this.#settle(first, options);
    const second = { rows: rows.slice(middle), history: { ...history }, hasBadRow: hasBadRow && isAnswered };
    const outcome = await this.#settle(second, options);
    return { isAnswered: isAnswered && outcome.isAnswered, lost: lost + outcome.lost };
  }

  /** @param problems those of each row, when they are known */
  #lose(rows: readonly WaitingRow<T>[], failure: CallFailedError, problems = failure.ofRows): Outcome {
    for (const [place, waiting] of rows.entries()) {
      const own = problems[place];
      waiting.lose(own === undefined ? failure : this.#endpoint.failed(own.message, failure.attempts, own));
    }
    return { isAnswered: false, lost: rows.length };
  }
}
