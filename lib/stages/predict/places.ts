import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';

type GiveBack = () => void;

/** So many members at a time are called for; who only waits for another attempt is not one of them. */
export class Places {
  readonly #limit: LimitFunction;

  /** @param concurrency members at a time, at least 1 */
  constructor(concurrency: number) {
    this.#limit = pLimit(concurrency);
  }

  /** Does something for each member in its turn. Who comes back from waiting is let in before those not begun. */
  async map<T, R>(members: readonly T[], work: (member: T, place: Place) => Promise<R>): Promise<R[]> {
    const results: Promise<R>[] = [];
    for (const member of members) {
      const place = new Place(this, await this.next());
      const result = work(member, place).finally(() => place.end());
      // Whoever awaits all of them learns of it.
      result.catch(() => undefined);
      results.push(result);
    }
    return Promise.all(results);
  }

  /** Waits for what gives the next free place back. */
  next(): Promise<GiveBack> {
    const { promise, resolve } = Promise.withResolvers<GiveBack>();
    this.#limit(() => new Promise<void>((giveBack) => resolve(giveBack)));
    return promise;
  }
}

/** A member's place, which all of its calls share. It is given to others while all that these do is wait. */
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

  /** Makes a call, which may rest. */
  async use<T>(call: () => Promise<T>): Promise<T> {
    this.#active += 1;
    try {
      return await call();
    } finally {
      this.#active -= 1;
      this.#leaveIfAllRest();
    }
  }

  /** How a call waits: so many milliseconds, and then until there is a place again. */
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

  /** Nobody waits for the member any more; a call of it that goes on needs no place. */
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
