import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type * as z from 'zod';
import { jsonOf } from './json.ts';

export const JSON_LINES_CONTENT_TYPE = 'application/x-ndjson';

/** A value as a line. Unicode's own line separators are escaped, because line readers take them for line ends. */
export function jsonLine(value: unknown): string {
  return `${jsonOf(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}

/** A line is not JSON. The message does not quote it: errors are logged, and logs must not hold members' data. */
export class InvalidLineError extends Error {
  override name = 'InvalidLineError';
}

/** Parses text line by line. @throws InvalidLineError, or ZodError for a line that does not match the schema */
export async function* readJsonLines<T>(chunks: Readable, schema: z.ZodType<T>): AsyncGenerator<T> {
  const lines = createInterface({ input: chunks, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) yield schema.parse(parsed(line, ++number));
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new InvalidLineError(`line ${number} is not JSON`);
  }
}
