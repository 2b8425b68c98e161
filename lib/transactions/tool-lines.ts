/** A longer line is none of these. */
const MOST_CHARACTERS = 1000;

/** `2 rows selected.`, `(1,234 rows affected)`, `2 rows in set (0.00 sec)`, `123 records`. */
const COUNT_OF_ROWS =
  /^\(?\d[\d,.]* ?(?:rows?|records?|lines?)(?: (?:selected|affected|returned|fetched|exported|retrieved|in set))?(?: \(\d+(?:\.\d+)? ?s(?:ec)?\))?\)?\.?$/i;
/** `-- end --` */
const MARK = /^--.*--$/;
/** What tables are drawn with. */
const DRAWN = /^[-+|=:_\s]*$/;
const SEVERAL_SIGNS = /[-+|=:_]{2}/;

/** Whether a line is a rule, such as a tool for databases puts between the header and the rows. */
export function isDrawn(cells: readonly string[]): boolean {
  return cells.every((cell) => DRAWN.test(cell)) && cells.some((cell) => SEVERAL_SIGNS.test(cell));
}

/**
 * Whether a line that is too short for a row is what such a tool writes below a table: how many rows it has, or that they
 * have ended.
 * @param raw as it stands in the file
 */
export function isToolText(raw: string): boolean {
  if (raw.length > MOST_CHARACTERS) return false;
  const line = raw.trim();
  return COUNT_OF_ROWS.test(line) || MARK.test(line);
}
