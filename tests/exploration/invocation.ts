/** Something that an invocation is about to ask of what is outside, and waits to be let through to. */
export interface Turn {
  /** For people: `PutObject results/…`. */
  what: string;
  /** Does it; the invocation goes on with the answer. */
  take(): void;
  /** The invocation goes on with an error, whether or not it was done. */
  fail(error: Error, isDone: boolean): void;
  /** Does it, and nobody hears of the answer. */
  takeUnheard(): void;
}

export type Ending = 'returned' | 'threw' | 'died';

/** One invocation of a function: it moves only when one of its turns is taken. */
export class Invocation {
  readonly name: string;
  readonly startedAt: number;
  /** What it waits for; several when it asks for several things side by side. */
  turns: Turn[] = [];
  ending: Ending | undefined;
  error: unknown;
  /** What it returned. */
  answer: unknown;
  /** How often it has come to a turn or to its end. */
  progress = 0;

  constructor(name: string, startedAt: number) {
    this.name = name;
    this.startedAt = startedAt;
  }

  /** Resolves when it is let through and `act` is done. Of one that has ended nothing is heard any more. */
  turn<T>(what: string, act: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.ending !== undefined) return;
      const turn: Turn = {
        what,
        take: () => {
          this.#leave(turn);
          try {
            resolve(act());
          } catch (error) {
            reject(error);
          }
        },
        fail: (error, isDone) => {
          this.#leave(turn);
          if (isDone) quietly(act);
          reject(error);
        },
        takeUnheard: () => quietly(act),
      };
      this.turns.push(turn);
      this.progress += 1;
    });
  }

  /** Runs what it is the invocation of. Resolves when that has ended, unless the invocation has died by then. */
  async run(work: () => Promise<unknown>): Promise<void> {
    try {
      this.answer = await work();
      this.end('returned');
    } catch (error) {
      this.end('threw', error);
    }
  }

  end(ending: Ending, error?: unknown): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.error = error;
    this.turns = [];
    this.progress += 1;
  }

  /** Whether it computes: it neither waits nor has ended. */
  get isBusy(): boolean {
    return this.ending === undefined && this.turns.length === 0;
  }

  #leave(turn: Turn): void {
    this.turns = this.turns.filter((other) => other !== turn);
  }
}

function quietly(act: () => unknown): void {
  try {
    act();
  } catch {
    // Whoever asked is not there any more.
  }
}
