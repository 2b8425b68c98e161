import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type * as z from 'zod';

export const JSON_LINES_CONTENT_TYPE = 'application/x-ndjson';

/** A value as a line. Unicode's own line separators are escaped, because line readers take them for line ends. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}

/** Parses line by line. @throws what the schema or JSON does not allow */
export async function* readJsonLines<T>(chunks: Readable, schema: z.ZodType<T>): AsyncGenerator<T> {
  const lines = createInterface({ input: chunks, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield schema.parse(JSON.parse(line));
}
