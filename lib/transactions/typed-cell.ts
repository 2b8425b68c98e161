/**
 * What a cell of a workbook is, when it is no text. Beside it stands the text that people see.
 *
 * - of a number its value, as it is shown: 95 of 95 %. `sign` is the percent sign or currency that is shown, or nothing.
 * - of a date what clocks show, as milliseconds since the epoch if it were UTC.
 */
export type TypedCell = { kind: 'number'; value: number; sign: string } | { kind: 'date'; clocks: number };
