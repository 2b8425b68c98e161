import { type CellValue, columnName } from './workbook.ts';

/**
 * Writes rows as the XML of a sheet (ECMA-376 part 1, 18.3.1.73). exceljs makes an object of each cell, then a model of
 * the object, and then the text, which takes four times as long. A table has many cells for each member.
 */
export class RowXml {
  /** By column, the XML of a cell: up to the row's number, and from there to the value of a number or of a text. */
  readonly #beginnings: readonly string[];
  readonly #numbers: readonly string[];
  readonly #texts: readonly string[];

  /** @param styles the number in the file of each column's style */
  constructor(styles: readonly number[]) {
    this.#beginnings = styles.map((_, index) => `<c r="${columnName(index + 1)}`);
    this.#numbers = styles.map((style) => `" s="${style}"><v>`);
    this.#texts = styles.map((style) => `" s="${style}" t="str"><v`);
  }

  /**
   * @param row counted from 1
   * @param values one for each column; undefined leaves a cell out. Numbers are finite, texts come from `cellText`.
   */
  of(row: number, values: readonly CellValue[]): string {
    let xml = `<row r="${row}">`;
    for (let column = 0; column < values.length; column++) {
      const value = values[column];
      if (value === undefined) continue;
      xml += `${this.#beginnings[column]}${row}`;
      xml +=
        typeof value === 'number'
          ? `${this.#numbers[column]}${value}</v></c>`
          : `${this.#texts[column]}${spaceOf(value)}>${escaped(value)}</v></c>`;
    }
    return `${xml}</row>`;
  }
}

/** The attribute that keeps blanks at the ends of a text, which programs drop otherwise. */
function spaceOf(text: string): string {
  return text.trim() === text ? '' : ' xml:space="preserve"';
}

const MARKUP = /[&<>\r]/;

/** Escapes markup, and CR, which would be read as LF otherwise: https://www.w3.org/TR/xml/#sec-line-ends */
function escaped(text: string): string {
  if (!MARKUP.test(text)) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}
