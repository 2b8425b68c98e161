import { SaxesParser } from 'saxes';
import { UnusableFileError } from '../unusable-file.ts';
import { damagedWorkbook } from './damaged-workbook.ts';

/** Attributes of an element, by their names with prefix. */
export type Attributes = Readonly<Record<string, string>>;

/** Takes what stands in an XML document, in its order. Names of elements are without prefix. */
export interface XmlSink {
  open(name: string, attributes: Attributes): void;
  text(text: string): void;
  close(name: string): void;
}

/** No text in a workbook is as long: a cell holds 32,767 characters. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** No document of a workbook has elements in so many others. */
const MAX_DEPTH = 100;

/**
 * Reads an XML document, one chunk after the other, in memory that does not depend on what is in it. Entities of the
 * document's own are none: they could expand to anything.
 */
export class XmlReader {
  readonly #parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #part: string;
  /** Bytes since something was told; the parser keeps them. */
  #bytesKept = 0;
  /** Elements that are open, which the parser keeps as well. */
  #depth = 0;

  /** @param part what messages call the document */
  constructor(part: string, sink: XmlSink) {
    this.#part = part;
    this.#parser.on('opentag', ({ name, attributes }) => {
      this.#bytesKept = 0;
      this.#depth += 1;
      if (this.#depth > MAX_DEPTH) throw damagedWorkbook(part);
      sink.open(localName(name), attributes);
    });
    this.#parser.on('closetag', ({ name }) => {
      this.#bytesKept = 0;
      this.#depth -= 1;
      sink.close(localName(name));
    });
    this.#parser.on('text', (text) => sink.text(text));
    this.#parser.on('cdata', (text) => sink.text(text));
  }

  /** @throws UnusableFileError when the document is not well-formed, not in UTF-8, or holds a text that is too long */
  write(chunk: Buffer): void {
    this.#bytesKept += chunk.length;
    this.#read(() => this.#parser.write(this.#decoder.decode(chunk, { stream: true })));
    if (this.#bytesKept > MAX_TEXT_BYTES + chunk.length) {
      throw new UnusableFileError(
        `the workbook holds a text in ${this.#part} that is longer than any cell may be; save the table as CSV in UTF-8 and upload that`,
      );
    }
  }

  /** @throws UnusableFileError when the document is not there as a whole */
  end(): void {
    this.#read(() => this.#parser.write(this.#decoder.decode()).close());
  }

  #read(read: () => void): void {
    try {
      read();
    } catch (error) {
      throw error instanceof UnusableFileError ? error : damagedWorkbook(this.#part, error);
    }
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The value of an attribute whose prefix is whatever a program has chosen, such as that of `r:id`. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  return Object.entries(attributes).find(([full]) => localName(full) === name)?.[1];
}

/** Whether an attribute says yes. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}
