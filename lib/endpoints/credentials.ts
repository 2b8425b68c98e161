import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../timing/clock.ts';
import { CredentialsError, NO_HEADERS, parseHeaders, type RequestHeaders } from './headers.ts';
import { Redactor } from './redactor.ts';

/** What one endpoint is sent, and what nobody else is to see of it. */
export interface HeaderSource {
  /** The same object for as long as nothing has changed. */
  readonly current: RequestHeaders;
  /**
   * Whether there are others now than those that the endpoint has refused, which takes a second and two readings at
   * the most.
   *
   * @throws CredentialsError
   */
  isRenewed(refused: RequestHeaders): Promise<boolean>;
  /** A text without secrets, whatever the endpoint has put into it. */
  redact(text: string): string;
}

/** Of an endpoint that wants no credentials. */
export const NO_CREDENTIALS: HeaderSource = {
  current: NO_HEADERS,
  isRenewed: async () => false,
  redact: (text) => text,
};

export interface CredentialsOptions {
  /** Reads what `parseHeaders` understands from where it is kept. */
  read: () => Promise<string>;
  /** Where that is, for people. */
  kept: string;
  /** Ids of the endpoints that there may be headers for, see `endpointIdsOf`. */
  endpoints: () => readonly string[];
  /** Headers are read again for new work when they are older, milliseconds. */
  maxAgeMs?: number;
  clock?: () => number;
  /** Waits so many milliseconds. */
  delay?: (milliseconds: number) => Promise<unknown>;
}

const MAX_AGE_MS = 5 * 60_000;

/** Endpoints that refuse everybody must not have the headers read for every call. */
const READ_AGAIN_AFTER_MS = 1000;

/**
 * The headers with which the endpoints are called, in memory alone. They are read when they are needed first, when they
 * have grown old, and when an endpoint refuses them: so a key is replaced where it is kept, and nothing is deployed.
 */
export class Credentials {
  readonly #read: () => Promise<string>;
  readonly #kept: string;
  readonly #endpoints: () => readonly string[];
  readonly #maxAgeMs: number;
  readonly #clock: () => number;
  readonly #delay: (milliseconds: number) => Promise<unknown>;
  readonly #redactor = new Redactor();
  /** By the endpoint's id. */
  readonly #headers = new Map<string, RequestHeaders>();
  #text: string | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** The next one, from when it is wanted until it begins. */
  #coming: Promise<void> | undefined;

  constructor({ read, kept, endpoints, maxAgeMs = MAX_AGE_MS, clock = now, delay: wait = delay }: CredentialsOptions) {
    this.#read = read;
    this.#kept = kept;
    this.#endpoints = endpoints;
    this.#maxAgeMs = maxAgeMs;
    this.#clock = clock;
    this.#delay = wait;
  }

  /**
   * To be called before new work, a batch. Old headers are better than none: when they cannot be read again, they are
   * used until an endpoint refuses them.
   *
   * @throws CredentialsError when there have never been any
   */
  async prepare(): Promise<void> {
    if (this.#clock() - this.#readAt < this.#maxAgeMs) return;
    try {
      await this.#readAgain();
    } catch (error) {
      if (this.#text === undefined) throw error;
    }
  }

  /** What one of the endpoints is sent. @param id see `endpointIdOf` */
  for(id: string): HeaderSource {
    const current = () => this.#headers.get(id) ?? NO_HEADERS;
    return {
      get current() {
        return current();
      },
      isRenewed: async (refused) => {
        if (current() !== refused) return true;
        // A reading that had begun before the refusal may have looked before the headers were replaced.
        await this.#reading?.catch(() => undefined);
        if (current() === refused) await this.#readWhenDue();
        return current() !== refused;
      },
      redact: (text) => this.#redactor.redact(text),
    };
  }

  /** However many wait for it, the headers are read once, and a second after the latest reading began at the earliest. */
  #readWhenDue(): Promise<void> {
    this.#coming ??= this.#untilDue().then(() => {
      this.#coming = undefined;
      return this.#readAgain();
    });
    return this.#coming;
  }

  async #untilDue(): Promise<void> {
    // A timer may be a little early by the clock, and `prepare` may read meanwhile.
    for (;;) {
      const dueInMs = this.#triedAt + READ_AGAIN_AFTER_MS - this.#clock();
      if (dueInMs <= 0) return;
      await this.#delay(dueInMs);
    }
  }

  /** However many ask for it at a time, the headers are read once. */
  #readAgain(): Promise<void> {
    this.#reading ??= this.#update().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #update(): Promise<void> {
    const startedAt = this.#clock();
    this.#triedAt = startedAt;
    const text = await this.#readText();
    if (text !== this.#text) this.#use(text);
    this.#readAt = startedAt;
  }

  async #readText(): Promise<string> {
    try {
      return await this.#read();
    } catch (error) {
      // The error itself is not handed on: nobody knows what it holds.
      throw new CredentialsError(`the endpoints' headers cannot be read from ${this.#kept}: ${problemOf(error)}`);
    }
  }

  #use(text: string): void {
    const own = this.#parsed(text);
    for (const [id, headers] of Object.entries(own)) {
      this.#redactor.add(headers);
      this.#headers.set(id, headers);
    }
    this.#text = text;
  }

  #parsed(text: string): Record<string, RequestHeaders> {
    try {
      return parseHeaders(text, this.#endpoints());
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      throw new CredentialsError(`the endpoints' headers in ${this.#kept} cannot be used: ${error.message}`);
    }
  }
}

function problemOf(error: unknown): string {
  // It quotes what it could not read.
  if (error instanceof SyntaxError) return 'the answer is not JSON';
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
