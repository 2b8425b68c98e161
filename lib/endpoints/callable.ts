import type { Row } from '../protocols/protocol.ts';
import type { Answer, Answers, CallHistory, CallOptions, RowsRequest } from './call.ts';
import type { Outage } from './circuit.ts';
import { CallFailedError, type EndpointError } from './errors.ts';

/** How much one request may hold. */
export interface RequestLimits {
  rows: number;
  /** Of the body. One row alone may be larger. */
  bytes: number;
}

/** Of a service that is sent one row a request. */
export const ONE_ROW: RequestLimits = { rows: 1, bytes: Number.POSITIVE_INFINITY };

/** A service that is called for members; `Endpoint` says what each of this is. */
export interface Callable<T> {
  /** See `endpointIdOf`. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** Without what may be secret; empty when there is none. */
  readonly address: string;
  readonly isDown: boolean;
  readonly limits: RequestLimits;
  fit(rows: readonly Row[]): RowsRequest;
  call(row: Row, options?: CallOptions): Promise<Answer<T>>;
  callAll(request: RowsRequest, options?: CallOptions): Promise<Answers<T>>;
  waitAfter(problem: EndpointError, options: CallOptions & { history: CallHistory }): Promise<void>;
  failed(problem: string, attempts: number, cause?: EndpointError): CallFailedError;
  renewWait(): void;
  takeOpenings(): number;
  outage(): Outage | undefined;
}

/** A service without an address: every call fails with what is to be done about it, and nothing is sent. */
export class NoEndpoint implements Callable<never> {
  readonly id: string;
  readonly label: string;
  readonly address = '';
  readonly isDown = false;
  readonly limits = ONE_ROW;
  readonly #problem: string;

  /** @param problem why there is no address, for people */
  constructor(id: string, label: string, problem: string) {
    this.id = id;
    this.label = label;
    this.#problem = problem;
  }

  fit([row = {}]: readonly Row[]): RowsRequest {
    return { rows: [row], body: '' };
  }

  async call(): Promise<never> {
    throw this.failed(this.#problem, 0);
  }

  async callAll(): Promise<never> {
    throw this.failed(this.#problem, 0);
  }

  async waitAfter(): Promise<void> {}

  failed(problem: string, attempts: number): CallFailedError {
    return new CallFailedError(`${this.label} endpoint ${problem}`, attempts, undefined);
  }

  renewWait(): void {}

  takeOpenings(): number {
    return 0;
  }

  outage(): undefined {
    return undefined;
  }
}
