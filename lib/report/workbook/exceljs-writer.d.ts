// The streaming writer alone: exceljs's own entry also loads its readers and what they need.
declare module 'exceljs/lib/stream/xlsx/workbook-writer.js' {
  import ExcelJS from 'exceljs';

  const WorkbookWriter: typeof ExcelJS.stream.xlsx.WorkbookWriter;
  export default WorkbookWriter;
}

// Writes a workbook's list of sheets and defined names.
declare module 'exceljs/lib/xlsx/xform/book/workbook-xform.js' {
  export interface WorkbookModel {
    worksheets: readonly unknown[];
    definedNames: readonly { name: string; ranges: readonly string[]; localSheetId: number }[];
    views: readonly unknown[];
    properties: object;
    calcProperties: object;
  }

  export default class WorkbookXform {
    /** Adds the defined names of the rows that are printed on every page. */
    prepare(model: WorkbookModel): void;
    toXml(model: WorkbookModel): string;
  }
}
