import * as z from 'zod';

const count = z.int().nonnegative();

export const understoodSchema = z.object({
  /** Such as `CSV`, `CSV in gzip`, `Excel workbook, sheet "Members"`. */
  kind: z.string().optional(),
  /** Where a run reads several files as one, in their order. */
  parts: z.array(z.object({ name: z.string(), rows: count })).optional(),
  encoding: z.string().optional(),
  /** In words, such as `comma`. */
  separator: z.string().optional(),
  headerLine: z.int().positive().optional(),
  /** Of each column that is read: how its cells are written, and what decided that. */
  columns: z
    .array(
      z.object({
        field: z.string(),
        header: z.string(),
        form: z.string().optional(),
        decidedBy: z.string().optional(),
      }),
    )
    .default([]),
  /** Lines that are no rows, by what they are. */
  skipped: z.array(z.object({ what: z.string(), lines: count })).default([]),
  /** What else was assumed, a sentence each. */
  notes: z.array(z.string()).default([]),
  /** What somebody should look at before the result is used. */
  checks: z
    .array(
      z.object({
        /** What it is about, in a word or two: the subject of a message has it. */
        about: z.string(),
        /** How much of what there is, without anything that stands in the file. */
        count: z.string(),
        /** Where, with an example, and what to do about it. */
        advice: z.string(),
      }),
    )
    .default([]),
});
/** What was understood of a file, for whoever dropped it. */
export type Understood = z.infer<typeof understoodSchema>;
export type InputCheck = Understood['checks'][number];

/** Of a file that has not been read yet. */
export function nothingUnderstood(): Understood {
  return { columns: [], skipped: [], notes: [], checks: [] };
}

/** Lines with nothing on them, or nothing but separators. */
export const BLANK_LINES = 'blank lines';

/** Counts lines that are no rows. @param what they are, as people say it */
export function skipLines(understood: Understood | undefined, what: string, lines: number): void {
  if (understood === undefined || lines === 0) return;
  const known = understood.skipped.find((skipped) => skipped.what === what);
  if (known === undefined) understood.skipped.push({ what, lines });
  else known.lines += lines;
}
