import { HEADER_WITHIN_LINES, type NamedColumns, titledAmong } from '../columns.ts';
import { UnusableFileError } from '../unusable-file.ts';
import type { Contents, WorkbookSheet } from './contents.ts';
import { isBlankRow, type SheetRow, sheetRow, textsOf } from './sheet-rows.ts';

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
  row: SheetRow;
  /** How many of the needed columns it names. */
  named: number;
}

/**
 * The first sheet that names all needed columns in one of its first rows; where none does, the one that names most. What is
 * hidden is nothing that a person would take.
 * @throws UnusableFileError when no sheet that is shown holds anything, or a hidden one alone has the columns
 */
export function tableSheet(contents: Contents, columns: NamedColumns): TableSheet {
  const shown = contents.sheets.filter(({ isHidden }) => !isHidden);
  const candidates = shown.flatMap((sheet) => bestRow(sheet, contents, columns) ?? []);
  const [best] = candidates.toSorted((one, other) => other.named - one.named);
  if (best === undefined || best.named < columns.count) assertNoneHidden(contents, columns);
  if (best === undefined) throw new UnusableFileError('empty: the Excel workbook has no sheet with anything in it');
  const texts = textsOf(best.row);
  const alike = candidates.filter(({ sheet, named }) => sheet !== best.sheet && named === columns.count);
  return {
    sheet: best.sheet,
    headerLine: best.row.line,
    header: texts.slice(0, titledAmong(texts)),
    alike: alike.map(({ sheet }) => sheet.name),
  };
}

/** The row of a sheet that is likeliest the header; undefined when the sheet is blank. */
function bestRow(sheet: WorkbookSheet, contents: Contents, columns: NamedColumns): Candidate | undefined {
  const rows = sheet.head.map((row) => sheetRow(row, contents)).filter((row) => !isBlankRow(row));
  const candidates = rows.map((row) => ({ sheet, row, named: columns.namedAmong(textsOf(row)) }));
  return candidates.toSorted((one, other) => other.named - one.named)[0];
}

function assertNoneHidden(contents: Contents, columns: NamedColumns): void {
  const hidden = contents.sheets.filter(({ isHidden }) => isHidden);
  const found = hidden.find((sheet) => (bestRow(sheet, contents, columns)?.named ?? 0) === columns.count);
  if (found === undefined || columns.count === 0) return;
  throw new UnusableFileError(
    `the needed columns are in the hidden sheet ${JSON.stringify(found.name)} alone, in one of its first ${HEADER_WITHIN_LINES} rows; show the sheet in Excel, save the workbook, and upload that`,
  );
}
