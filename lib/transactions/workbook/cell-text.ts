const ESCAPED = /_x([0-9A-F]{4})_/gi;

/** What a text of a workbook says: characters that XML cannot hold, such as carriage returns, stand as `_x000D_`. */
export function unescapedText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text that does not keep the larger one in memory that it was cut out of. */
export function ownCopy(text: string): string {
  return text.length < SHORT ? text : Buffer.from(text).toString();
}

/** V8 copies shorter texts when it cuts them out. */
const SHORT = 13;

/**
 * Collects a text that may be in several pieces, as where a part of it is bold. How it is pronounced, which Japanese
 * workbooks say as well, is none of it.
 */
export class TextCollector {
  #text = '';
  #isTaken = false;
  #pronounced = 0;

  open(name: string): void {
    if (name === 't') this.#isTaken = this.#pronounced === 0;
    else if (name === 'rPh') this.#pronounced += 1;
  }

  add(text: string): void {
    if (this.#isTaken) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#isTaken = false;
    else if (name === 'rPh') this.#pronounced -= 1;
  }

  get isTaking(): boolean {
    return this.#isTaken;
  }

  get length(): number {
    return this.#text.length;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return unescapedText(text);
  }
}
