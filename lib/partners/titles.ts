const ASCII = /^\p{ASCII}*$/v;

/**
 * How a title is compared with the names in a header: without case, and by its letters and digits only. Of a title in
 * plain English letters no other letter counts, so that a header may begin with the garbled mark of another encoding.
 */
export interface Title {
  isPlain: boolean;
  key: string;
}

export function titleOf(title: string): Title {
  const isPlain = ASCII.test(title);
  return { isPlain, key: isPlain ? plainKey(title) : fullKey(title) };
}

/** The names in a header, to be looked for by titles. */
export class HeaderNames {
  readonly #names: readonly string[];
  #plain: Keys | undefined;
  #full: Keys | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Whether one of them is one of the titles. */
  has(titles: readonly Title[]): boolean {
    return titles.some((title) => this.#keysFor(title).known.has(title.key));
  }

  /** Where those are that are one of the titles. */
  placesOf(titles: readonly Title[]): number[] {
    const isOne = (_: string, place: number) => titles.some((title) => this.#keysFor(title).keys[place] === title.key);
    return this.#names.flatMap((name, place) => (isOne(name, place) ? [place] : []));
  }

  #keysFor({ isPlain }: Title): Keys {
    if (isPlain) this.#plain ??= keysOf(this.#names.map(plainKey));
    else this.#full ??= keysOf(this.#names.map(fullKey));
    return (isPlain ? this.#plain : this.#full) ?? NO_KEYS;
  }
}

interface Keys {
  keys: readonly string[];
  known: ReadonlySet<string>;
}

const NO_KEYS: Keys = { keys: [], known: new Set() };

function keysOf(keys: readonly string[]): Keys {
  return { keys, known: new Set(keys) };
}

function plainKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function fullKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
