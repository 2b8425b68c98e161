import { arrayBuffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';

/** Reads a workbook back with exceljs's reader. */
export async function workbookOf(chunks: AsyncIterable<Uint8Array>): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(await arrayBuffer(chunks));
  return workbook;
}
