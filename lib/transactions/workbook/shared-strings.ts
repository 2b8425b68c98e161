import { assertWorkbook, type FileLimits } from '../limits.ts';
import { ownCopy, TextCollector } from './cell-text.ts';
import type { XmlSink } from './xml-reader.ts';

/** What a text takes besides its characters, which take two bytes each at the most. */
const TEXT_BYTES = 32;

/**
 * The texts that cells of all sheets refer to by number: `xl/sharedStrings.xml`. They are in memory until the last row has
 * been read.
 */
export class SharedStrings implements XmlSink {
  readonly #texts: string[] = [];
  readonly #collector = new TextCollector();
  readonly #limits: FileLimits;
  /** Memory that they take. */
  bytes = 0;

  constructor(limits: FileLimits) {
    this.#limits = limits;
  }

  open(name: string): void {
    if (name !== 'si') this.#collector.open(name);
  }

  /** @throws UnusableFileError when the texts are more than may be in memory */
  text(text: string): void {
    this.#collector.add(text);
    assertWorkbook(this.bytes + 2 * this.#collector.length, this.#limits);
  }

  close(name: string): void {
    if (name !== 'si') {
      this.#collector.close(name);
      return;
    }
    const text = this.#collector.take();
    this.bytes += TEXT_BYTES + 2 * text.length;
    assertWorkbook(this.bytes, this.#limits);
    this.#texts.push(ownCopy(text));
  }

  at(index: number): string | undefined {
    return this.#texts[index];
  }
}
