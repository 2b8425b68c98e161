import ExcelJS from 'exceljs';
import { randomFrom } from '../../shared/random.ts';

/** Cells of a member that was scored, in the report's sheet of members. */
const TEXTS = 3;
const NUMBERS = 17;

/** exceljs does not wait for the disk. After so many rows there is a pause in which the disk can catch up. */
const ROWS_PER_PAUSE = 500;

/**
 * Writes a sheet with as many cells as the report has, with exceljs's streaming writer as in its documentation: without
 * styles and shared strings. @returns milliseconds
 */
export async function writeAlone(path: string, rows: number): Promise<number> {
  const random = randomFrom(1);
  const texts = Array.from({ length: TEXTS }, () => 'M0123456');
  const startedAt = performance.now();
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path });
  const sheet = workbook.addWorksheet('Members');
  for (let row = 1; row <= rows; row++) {
    const numbers = Array.from({ length: NUMBERS }, () => random.fraction() * 1000);
    sheet.addRow([...texts, ...numbers]).commit();
    if (row % ROWS_PER_PAUSE === 0) await new Promise(setImmediate);
  }
  sheet.commit();
  await workbook.commit();
  return performance.now() - startedAt;
}
