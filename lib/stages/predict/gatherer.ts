import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import type { Row } from '../../protocols/protocol.ts';
import { AskedRows, type Settled, type WaitingRow } from './asked-rows.ts';
import { Halving } from './halving.ts';
import { Place, Places } from './places.ts';

/** Gathers the rows for an endpoint into requests, as many as are there: it never waits for more. */
export class Gatherer<T> {
  readonly #endpoint: Callable<T>;
  readonly #options: CallOptions;
  readonly #places: Places;
  readonly #halving: Halving<T>;
  readonly #queue: WaitingRow<T>[] = [];
  #isGathering = false;

  /** @param requests how many are under way at a time; one that waits for another attempt does not count */
  constructor(endpoint: Callable<T>, requests: number, options: CallOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#places = new Places(requests);
    this.#halving = new Halving(endpoint);
  }

  /** Resolves when each of the rows has been answered, or never will be. */
  ask(rows: readonly Row[]): Promise<Settled<T>[]> {
    const { waiting, settled } = new AskedRows<T>(rows);
    this.#queue.push(...waiting);
    if (!this.#isGathering) void this.#gather();
    return settled;
  }

  async #gather(): Promise<void> {
    this.#isGathering = true;
    while (this.#queue.length > 0) {
      const place = new Place(this.#places, await this.#places.next());
      // Rows that were answered together come together: what comes in this turn of the event loop goes along.
      await nextTurn();
      void this.#send(place).finally(() => place.end());
    }
    this.#isGathering = false;
  }

  /** As many rows as one request may have. */
  async #send(place: Place): Promise<void> {
    const taken = this.#queue.splice(0, this.#halving.mostRows);
    const options = { ...this.#options, rest: (milliseconds: number) => place.rest(milliseconds) };
    try {
      const request = this.#endpoint.fit(taken.map(({ row }) => row));
      this.#queue.unshift(...taken.splice(request.rows.length));
      await place.use(() => this.#halving.settle({ rows: taken, request }, options));
    } catch (error) {
      // Nothing that an endpoint does comes here.
      for (const waiting of taken) waiting.fail(error);
    }
  }
}
