/**
 * What a cell of a workbook is, when it is no text. Beside it stands the text that people see.
 *
 * - of a number its value, as it is shown: 95 of 95 %. `sign` is the percent sign or currency that is shown, or nothing.
 * - of a date what clocks show, as milliseconds since the epoch if it were UTC.
 */
export type TypedCell =
  | {
      kind: 'number';
      value: number;
      sign: string;
      /** Whether the workbook counts days since 1904, as on old Macintosh computers. */
      isSince1904?: boolean;
    }
  | { kind: 'date'; clocks: number };

/** From 1900-01-00, where other workbooks begin to count. */
export const DAYS_TO_1904 = 1462;
