import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallOptions } from '../../endpoints/call.ts';
import type { Callable } from '../../endpoints/callable.ts';
import type { Row } from '../../protocols/protocol.ts';
import { Halving } from './halving.ts';
import { Place, Places } from './places.ts';
import { type Settled, WaitingRow } from './waiting-row.ts';

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

  /** Resolves when the row has been answered, or never will be. */
  ask(row: Row): Promise<Settled<T>> {
    const waiting = new WaitingRow<T>(row);
    this.#queue.push(waiting);
    if (!this.#isGathering) void this.#gather();
    return waiting.settled;
  }

  async #gather(): Promise<void> {
    this.#isGathering = true;
    while (this.#queue.length > 0) {
      const place = new Place(this.#places, await this.#places.next());
      // Rows that were answered together come together: what comes in this turn of the event loop goes along.
      await nextTurn();
      void this.#send(this.#take(), place).finally(() => place.end());
    }
    this.#isGathering = false;
  }

  /** As many as one request may have. */
  #take(): WaitingRow<T>[] {
    const first = this.#queue.slice(0, this.#halving.mostRows);
    const { rows } = this.#endpoint.fit(first.map(({ row }) => row));
    return this.#queue.splice(0, rows.length);
  }

  async #send(rows: readonly WaitingRow<T>[], place: Place): Promise<void> {
    const options = { ...this.#options, rest: (milliseconds: number) => place.rest(milliseconds) };
    try {
      await place.use(() => this.#halving.settle(rows, options));
    } catch (error) {
      // Nothing that an endpoint does comes here.
      for (const waiting of rows) waiting.fail(error);
    }
  }
}
