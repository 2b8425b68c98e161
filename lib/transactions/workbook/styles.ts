import { damagedWorkbook } from './damaged-workbook.ts';
import { type NumberFormat, numberFormatOf } from './number-format.ts';
import type { Attributes, XmlSink } from './xml-reader.ts';

/** More than Excel has: 65,490 formats of cells. */
const MAX_FORMATS = 100_000;

/** How cells are shown, by the number of their style: `xl/styles.xml`. */
export class Styles implements XmlSink {
  readonly #formats = new Map<number, NumberFormat>();
  readonly #ids: number[] = [];
  /** The list that the next element is of: other lists have elements of the same names. */
  #list = '';

  open(name: string, { numFmtId = '0', formatCode = '' }: Attributes): void {
    if (this.#formats.size + this.#ids.length > MAX_FORMATS) throw damagedWorkbook('its list of formats');
    if (name === 'cellXfs' || name === 'numFmts') this.#list = name;
    else if (name === 'numFmt' && this.#list === 'numFmts') {
      this.#formats.set(Number(numFmtId), numberFormatOf(Number(numFmtId), formatCode));
    } else if (name === 'xf' && this.#list === 'cellXfs') this.#ids.push(Number(numFmtId));
  }

  text(): void {}

  close(name: string): void {
    if (name === this.#list) this.#list = '';
  }

  /** Cells of an unknown style are shown as they are. */
  formatOf(style: number): NumberFormat {
    const id = this.#ids[style] ?? 0;
    return this.#formats.get(id) ?? numberFormatOf(id, undefined);
  }
}
