import { HEADER_WITHIN_LINES, type NamedColumns, titledAmong } from '../columns.ts';
import { UnusableFileError } from '../unusable-file.ts';
import type { Contents, WorkbookSheet } from './contents.ts';
import { isBlankRow, sheetRow, textsOf } from './sheet-rows.ts';

/** The sheet that holds the table, and where in it. */
export interface TableSheet {
  sheet: WorkbookSheet;
  /** The number of the header's row. */
  headerLine: number;
  /** The names in it, up to the last one. */
  header: readonly string[];
  /** Other sheets that are shown and have the needed columns as well. */
  alike: readonly string[];
}

/** A row of a sheet that may be the header. */
interface Candidate {
  sheet: WorkbookSheet;
  line: number;
  texts: readonly string[];
  /** How many of the needed columns it names. */
  named: number;
}

/**
 * The first sheet that names all needed columns in one of its first rows; where none does, the one that names most. What is
 * hidden is nothing that a person would take.
 * @throws UnusableFileError when no sheet that is shown holds anything, or a hidden one alone has the columns
 */
export function tableSheet(contents: Contents, columns: NamedColumns): TableSheet {
  let best: Candidate | undefined;
  const alike: string[] = [];
  for (const sheet of contents.sheets.filter(({ isHidden }) => !isHidden)) {
    const candidate = bestRow(sheet, contents, columns);
    if (candidate === undefined) continue;
    if (best?.named === columns.count && candidate.named === columns.count) alike.push(sheet.name);
    if (candidate.named > (best?.named ?? -1)) best = candidate;
  }
  if (best === undefined || best.named < columns.count) assertNoneHidden(contents, columns);
  if (best === undefined) throw new UnusableFileError('empty: the Excel workbook has no sheet with anything in it');
  const { sheet, line: headerLine, texts } = best;
  return { sheet, headerLine, header: texts.slice(0, titledAmong(texts)), alike };
}

/** The row of a sheet that is likeliest the header; undefined when the sheet is blank. */
function bestRow(sheet: WorkbookSheet, contents: Contents, columns: NamedColumns): Candidate | undefined {
  let best: Candidate | undefined;
  for (const stored of sheet.head) {
    const row = sheetRow(stored, contents);
    if (isBlankRow(row)) continue;
    const texts = textsOf(row);
    const named = columns.namedAmong(texts);
    if (named > (best?.named ?? -1)) best = { sheet, line: row.line, texts, named };
  }
  return best;
}

function assertNoneHidden(contents: Contents, columns: NamedColumns): void {
  const hidden = contents.sheets.filter(({ isHidden }) => isHidden);
  const found = hidden.find((sheet) => (bestRow(sheet, contents, columns)?.named ?? 0) === columns.count);
  if (found === undefined || columns.count === 0) return;
  throw new UnusableFileError(
    `the needed columns are in the hidden sheet ${JSON.stringify(found.name)} alone, in one of its first ${HEADER_WITHIN_LINES} rows; show the sheet in Excel, save the workbook, and upload that`,
  );
}
