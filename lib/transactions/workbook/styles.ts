import { damagedWorkbook } from './damaged-workbook.ts';
import { type NumberFormat, numberFormatOf } from './number-format.ts';
import type { Attributes, XmlSink } from './xml-reader.ts';

/** More than Excel has: 65,490 formats of cells. */
const MAX_FORMATS = 100_000;

/** How cells are shown, by the number of their style: `xl/styles.xml`. */
export class Styles implements XmlSink {
  readonly #codes = new Map<number, string>();
  readonly #ids: number[] = [];
  #formats: NumberFormat[] | undefined;
  #isInCells = false;

  open(name: string, { numFmtId = '0', formatCode = '' }: Attributes): void {
    if (this.#codes.size + this.#ids.length > MAX_FORMATS) throw damagedWorkbook('its list of formats');
    if (name === 'cellXfs') this.#isInCells = true;
    else if (name === 'numFmt') this.#codes.set(Number(numFmtId), formatCode);
    else if (name === 'xf' && this.#isInCells) this.#ids.push(Number(numFmtId));
  }

  text(): void {}

  close(name: string): void {
    if (name === 'cellXfs') this.#isInCells = false;
  }

  /** Cells of an unknown style are shown as they are. */
  formatOf(style: number): NumberFormat {
    this.#formats ??= this.#ids.map((id) => numberFormatOf(id, this.#codes.get(id)));
    return this.#formats[style] ?? numberFormatOf(0, undefined);
  }
}
