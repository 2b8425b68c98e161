import type { FilePart } from './parts.ts';
import type { Understood } from './understood.ts';

/** Notes on parts that are kept: as many as somebody reads, as there may be a thousand parts. */
const MAX_NOTES = 20;

/** What is understood of a single CSV or sheet. */
const OF_A_PART = ['encoding', 'separator', 'headerLine'] as const;

/** Puts together what is understood of the parts of a file, while they are read one after the other. */
export class PartFacts {
  readonly #understood: Understood;
  /** How many parts are of a kind. */
  readonly #kinds = new Map<string, number>();
  readonly #rows: { name: string; rows: number }[] = [];
  readonly #facts: Pick<Understood, (typeof OF_A_PART)[number]>[] = [];
  #notesBefore = 0;
  /** Notes that were left out. */
  #unnoted = 0;

  constructor(understood: Understood) {
    this.#understood = understood;
  }

  begin({ kind }: FilePart): void {
    this.#understood.kind ??= kind;
    this.#notesBefore = this.#understood.notes.length;
    for (const fact of OF_A_PART) delete this.#understood[fact];
  }

  /** @param rows how many the part has */
  end({ kind, name }: FilePart, rows: number): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    this.#rows.push({ name: name ?? '', rows });
    this.#understood.kind = kindOfAll(this.#kinds);
    if (this.#rows.length > 1) this.#understood.parts = this.#rows;
    if (name !== undefined) this.#nameNotes(name);
  }

  /** Says of each part whose note it is. */
  #nameNotes(name: string): void {
    const { notes } = this.#understood;
    const own = notes.splice(this.#notesBefore).map((note) => `${name}: ${note}`);
    const kept = own.slice(0, Math.max(0, MAX_NOTES - this.#notesBefore));
    notes.push(...kept);
    this.#unnoted += own.length - kept.length;
  }

  /** Takes over what is known of the part that was read last, or begun. */
  take(): void {
    const { encoding, separator, headerLine } = this.#understood;
    // A part with nothing in it has neither.
    if (headerLine !== undefined) this.#facts.push({ encoding, separator, headerLine });
  }

  /** Says of all parts together what they have, each once. */
  finish(): void {
    const understood = this.#understood;
    if (this.#unnoted > 0) understood.notes.push(`And ${this.#unnoted} more such notes on other parts.`);
    if (this.#facts.length === 0) return;
    const encodings = new Set(this.#facts.flatMap(({ encoding }) => encoding ?? []));
    const separators = new Set(this.#facts.flatMap(({ separator }) => separator ?? []));
    const [line, ...otherLines] = new Set(this.#facts.map(({ headerLine }) => headerLine));
    if (encodings.size > 0) understood.encoding = [...encodings].join(', ');
    if (separators.size > 0) understood.separator = [...separators].join(', ');
    if (otherLines.length > 0 || line === undefined) delete understood.headerLine;
    else understood.headerLine = line;
  }
}

/** Such as `2 CSVs in gzip`, `2 CSVs, 1 CSV in gzip`, `2 Excel workbooks, sheet "Members"`. */
function kindOfAll(kinds: ReadonlyMap<string, number>): string {
  const counts = [...kinds];
  const [first] = counts;
  if (first !== undefined && counts.length === 1 && first[1] === 1) return first[0];
  return counts
    .map(([kind, count]) => `${count} ${count > 1 ? kind.replace(/^(?:CSV|Excel workbook)/, '$&s') : kind}`)
    .join(', ');
}
