import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';

type GiveBack = () => void;

/** Limits how many members are scored at the same time. A member that waits for its next attempt does not count. */
export class Places {
  readonly #limit: LimitFunction;

  /** @param concurrency how many members are scored at the same time, at least 1 */
  constructor(concurrency: number) {
    this.#limit = pLimit(concurrency);
  }

  /** Does the work for each member, in order. A member that returns from a wait goes before those not yet begun. */
  async map<T, R>(members: readonly T[], work: (member: T, place: Place) => Promise<R>): Promise<R[]> {
    const results: Promise<R>[] = [];
    for (const member of members) {
      const place = new Place(this, await this.next());
      const result = work(member, place).finally(() => place.end());
      // `Promise.all` below reports the failure; until then it must not be an unhandled rejection.
      result.catch(() => undefined);
      results.push(result);
    }
    return Promise.all(results);
  }

  /** Waits for a free place. @returns a function that gives it back */
  next(): Promise<GiveBack> {
    const { promise, resolve } = Promise.withResolvers<GiveBack>();
    this.#limit(() => new Promise<void>((giveBack) => resolve(giveBack)));
    return promise;
  }
}

/** A member's place, which all of its calls share. While all of these calls only wait, another member has the place. */
export class Place {
  readonly #places: Places;
  #giveBack: Promise<GiveBack> | undefined;
  #active = 0;
  #resting = 0;
  #hasEnded = false;

  constructor(places: Places, giveBack: GiveBack) {
    this.#places = places;
    this.#giveBack = Promise.resolve(giveBack);
  }

  /** Makes a call, which may call `rest` to wait. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    this.#active += 1;
    try {
      return await call();
    } finally {
      this.#active -= 1;
      this.#leaveIfAllRest();
    }
  }

  /** Lets a call wait: for the given milliseconds, and then until there is a free place. */
  async rest(milliseconds: number): Promise<void> {
    this.#active -= 1;
    this.#resting += 1;
    this.#leaveIfAllRest();
    await delay(milliseconds);
    this.#resting -= 1;
    this.#active += 1;
    if (this.#hasEnded) return;
    this.#giveBack ??= this.#places.next();
    await this.#giveBack;
  }

  /** Ends the member's turn. A call that still runs afterwards needs no place. */
  end(): void {
    this.#hasEnded = true;
    this.#leave();
  }

  #leave(): void {
    this.#giveBack?.then((giveBack) => giveBack());
    this.#giveBack = undefined;
  }

  #leaveIfAllRest(): void {
    if (this.#active === 0 && this.#resting > 0) this.#leave();
  }
}
