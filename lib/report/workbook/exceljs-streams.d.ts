import type { Writable } from 'node:stream';

// Parts of exceljs 4's streaming writer that its own types leave out.
declare module 'exceljs' {
  interface Worksheet {
    /** The sheet's XML on its way into the archive. */
    readonly stream: {
      /** Passes on what it holds back. */
      uncork(): void;
      /** What takes it into the archive. */
      readonly pipes: readonly Writable[];
    };
  }

  interface Workbook {
    readonly styles: {
      /** Number of a style in the file, the same for the same style. */
      addStyleModel(style: Partial<Style>): number;
    };
  }
}
