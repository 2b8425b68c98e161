import { UnusableFileError } from '../unusable-file.ts';

/** What is said of a workbook that is not as Excel writes one. @param part the document in it, such as `xl/workbook.xml` */
export function damagedWorkbook(part: string, cause?: unknown): UnusableFileError {
  const reason = `the Excel workbook is damaged: ${part} cannot be read; open it in Excel, save it anew, and upload that`;
  return new UnusableFileError(reason, { cause });
}
