import { type Protocol, UnusableAnswerError } from '../protocols/protocol.ts';
import { headerOf, textOf } from './answer.ts';
import type { RowAnswer } from './call.ts';
import { type EndpointError, rejection, unusable, unusableRows } from './errors.ts';
import { type HttpAnswer, maxAnswerBytes } from './exchange.ts';
import type { RowContract } from './requests.ts';

export interface AnswerReaderOptions<T> {
  protocol: Protocol;
  contract: RowContract<T>;
  /** Of the endpoint, which a Location may be relative to. */
  address: string;
  /** Takes out of a text what nobody is to see. */
  redact: (text: string) => string;
}

/** Reads what an endpoint has answered: a value for each row, or why there is none. */
export class AnswerReader<T> {
  readonly #protocol: Protocol;
  readonly #contract: RowContract<T>;
  readonly #example: string;
  readonly #address: string;
  readonly #redact: (text: string) => string;

  constructor({ protocol, contract, address, redact }: AnswerReaderOptions<T>) {
    this.#protocol = protocol;
    this.#contract = contract;
    this.#example = protocol.example(contract.example(protocol.isNamed));
    this.#address = address;
    this.#redact = redact;
  }

  /** What each row was answered. @param rows of the request @throws EndpointError when none of them has a usable answer */
  read(answer: HttpAnswer, rows: number): RowAnswer<T>[] {
    const { status, headers } = answer;
    if (status >= 200 && status <= 299) return this.#answersIn(answer, rows);
    const location = headerOf(headers, 'location');
    const body = quotable(answer, rows);
    const error = this.#protocol.errorIn?.(status, body, headers);
    const refusal = {
      status,
      meaning: error?.status,
      body: this.#redact(error?.text ?? body),
      retryAfter: headerOf(headers, 'retry-after'),
      location: location === undefined ? undefined : this.#redact(location),
    };
    throw rejection(refusal, this.#address);
  }

  #answersIn(answer: HttpAnswer, rows: number): RowAnswer<T>[] {
    try {
      const values = this.#protocol.decode(textOf(answer, maxAnswerBytes(rows)), this.#example, rows);
      if (values.length !== rows) {
        throw new UnusableAnswerError(`${values.length} values, where ${rows} were asked for`, { isOfRows: true });
      }
      return this.#rowAnswers(values, answer.status);
    } catch (error) {
      if (!(error instanceof UnusableAnswerError)) throw error;
      const problem = this.#redact(error.message);
      throw unusable(answer.status, problem, this.#redact(quotable(answer, rows)), error.isOfRows && rows > 1);
    }
  }

  /** @throws UnusableAnswerError for one row, and EndpointError for several, when none of the values can be used */
  #rowAnswers(values: readonly unknown[], status: number): RowAnswer<T>[] {
    const answers: RowAnswer<T>[] = [];
    const problems: EndpointError[] = [];
    for (const value of values) {
      try {
        answers.push({ value: this.#contract.read(value) });
      } catch (error) {
        if (!(error instanceof UnusableAnswerError)) throw error;
        const message = `${error.message}, where ${this.#example} is expected`;
        if (values.length === 1) throw new UnusableAnswerError(message, { cause: error });
        const problem = unusable(status, this.#redact(message), this.#redact(shown(value)));
        problems.push(problem);
        answers.push({ problem });
      }
    }
    if (problems.length > 0 && problems.length === values.length) throw unusableRows(status, problems);
    return answers;
  }
}

/** A row's part of an answer, as a message can quote it. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}

/** An answer as a message can quote it, whatever it is. */
function quotable(answer: HttpAnswer, rows: number): string {
  try {
    return textOf(answer, maxAnswerBytes(rows));
  } catch {
    return answer.body.toString();
  }
}
