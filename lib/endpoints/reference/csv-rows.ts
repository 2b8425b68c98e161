import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { namedRow } from './rows.ts';
import { RefusedRequest, readAs } from './scoring-service.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const cellsSchema = z.array(z.array(z.string()));

/** Rows of numbers without a header, whose values have these names. @throws RefusedRequest */
export function csvRows(body: unknown, names: readonly string[]): Record<string, unknown>[] {
  return cellsIn(body).map((cells) => namedRow(names, cells.map(numberIn)));
}

/** Rows of numbers below a header. @throws RefusedRequest */
export function csvRowsWithHeader(body: unknown): Record<string, unknown>[] {
  const [header = [], ...lines] = cellsIn(body);
  return lines.map((cells) => namedRow(header, cells.map(numberIn)));
}

function cellsIn(body: unknown): string[][] {
  try {
    return cellsSchema.parse(parse(readAs(z.string(), body), { relax_column_count: true, trim: true, bom: true }));
  } catch (error) {
    throw error instanceof CsvError ? new RefusedRequest(`no CSV: ${error.message}`) : error;
  }
}

function numberIn(cell: string): number {
  if (!NUMBER.test(cell)) throw new RefusedRequest(`a cell is no number: ${JSON.stringify(cell)}`);
  return Number(cell);
}
