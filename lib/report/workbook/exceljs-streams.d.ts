import type { Writable } from 'node:stream';

// Parts of exceljs 4's streaming writer that its own types leave out.
declare module 'exceljs' {
  interface Worksheet {
    /** The stream of the sheet's XML. */
    readonly stream: {
      /** Passes on the XML that it holds back. */
      uncork(): void;
      /** The streams that write it to the archive. */
      readonly pipes: readonly Writable[];
    };
  }

  interface Workbook {
    readonly styles: {
      /** Adds a style unless it is known. Returns its number in the file. */
      addStyleModel(style: Partial<Style>): number;
    };
  }
}
