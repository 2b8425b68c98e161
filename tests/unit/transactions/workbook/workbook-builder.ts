import { zipOf } from '../zip-builder.ts';

/** What a workbook is made of; without anything, one sheet as Excel writes it, which comes before what it refers to. */
export interface WorkbookOptions {
  sheets?: readonly SheetOptions[];
  /** Codes of number formats: style 1 is the first of them, style 0 is General. */
  formats?: readonly (string | number)[];
  /** Texts that cells refer to, as XML inside `<si>`. */
  strings?: readonly string[];
  isSince1904?: boolean;
  /** Further files, or others in place of those above. */
  files?: Readonly<Record<string, string | Buffer>>;
  /** In which order the files are in the archive; those that are not named come last. */
  order?: readonly string[];
}

export interface SheetOptions {
  name?: string;
  state?: string;
  /** The rows, as XML inside `<sheetData>`. */
  rows: string;
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A workbook by the format's description, not by the program that reads it. */
export function workbookOf(options: WorkbookOptions): Buffer {
  const files: Record<string, string | Buffer> = { ...documentsOf(options), ...options.files };
  const order = options.order ?? [];
  const names = [...order, ...Object.keys(files).filter((name) => !order.includes(name))];
  return zipOf(...names.map((name) => ({ name, content: files[name] ?? '' })));
}

/** The documents of a workbook, by their names. */
export function documentsOf({
  sheets = [],
  formats = [],
  strings = [],
  isSince1904 = false,
}: WorkbookOptions): Record<string, string> {
  const tabs = sheets.map(
    ({ name = 'Sheet', state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`,
  );
  const targets = sheets.map((_, index) => [`rId${index + 1}`, `worksheets/sheet${index + 1}.xml`] as const);
  const codes = formats.flatMap((format, index) =>
    typeof format === 'number' ? [] : [`<numFmt numFmtId="${200 + index}" formatCode="${escaped(format)}"/>`],
  );
  const styles = [0, ...formats.map((format, index) => (typeof format === 'number' ? format : 200 + index))];
  return {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relations([['rId1', 'xl/workbook.xml']], 'officeDocument'),
    ...Object.fromEntries(
      sheets.map(({ rows }, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `${HEAD}<worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    'xl/workbook.xml': `${HEAD}<workbook ${MAIN} xmlns:r="${RELATIONS}">${
      isSince1904 ? '<workbookPr date1904="1"/>' : ''
    }<sheets>${tabs.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(targets, 'worksheet'),
    'xl/styles.xml': `${HEAD}<styleSheet ${MAIN}><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles
      .map((id) => `<xf numFmtId="${id}"/>`)
      .join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${HEAD}<sst ${MAIN}>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
  };
}

function relations(targets: readonly (readonly [string, string])[], type: string): string {
  const all = targets.map(
    ([id, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A cell: a text as it is, a number with its style, or XML. */
export type Cell = string | number | { number: number | string; style: number } | { xml: string } | undefined;

/** A row of cells from column A on. */
export function rowXml(line: number, cells: readonly Cell[], attributes = ''): string {
  return `<row r="${line}"${attributes}>${cells.map((cell, column) => cellXml(cell, `${letters(column)}${line}`)).join('')}</row>`;
}

/** Rows from line 1 on. */
export function rowsXml(...rows: readonly (readonly Cell[])[]): string {
  return rows.map((cells, row) => rowXml(row + 1, cells)).join('');
}

function cellXml(cell: Cell, reference: string): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if ('xml' in cell) return cell.xml.replace('<c', `<c r="${reference}"`);
  return `<c r="${reference}" s="${cell.style}"><v>${cell.number}</v></c>`;
}

export function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : `${letters(Math.floor(column / 26) - 1)}${last}`;
}
