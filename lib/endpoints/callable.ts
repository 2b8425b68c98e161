import type { Answer, CallOptions } from './call.ts';
import type { Outage } from './circuit.ts';
import { CallFailedError } from './errors.ts';

/** A service that is called for members; `Endpoint` says what each of this is. */
export interface Callable<T> {
  /** See `endpointIdOf`. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** Without what may be secret; empty when there is none. */
  readonly address: string;
  readonly isDown: boolean;
  call(body: string, options?: CallOptions): Promise<Answer<T>>;
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
  readonly #problem: string;

  /** @param problem why there is no address, for people */
  constructor(id: string, label: string, problem: string) {
    this.id = id;
    this.label = label;
    this.#problem = `${label} endpoint ${problem}`;
  }

  async call(): Promise<never> {
    throw new CallFailedError(this.#problem, 0, undefined);
  }

  renewWait(): void {}

  takeOpenings(): number {
    return 0;
  }

  outage(): undefined {
    return undefined;
  }
}
