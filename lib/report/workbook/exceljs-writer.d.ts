// The streaming writer alone: exceljs's own entry also loads its readers and what they need.
declare module 'exceljs/lib/stream/xlsx/workbook-writer.js' {
  import ExcelJS from 'exceljs';

  const WorkbookWriter: typeof ExcelJS.stream.xlsx.WorkbookWriter;
  export default WorkbookWriter;
}
