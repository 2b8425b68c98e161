import * as z from 'zod';
import { RefusedRequest, readAs, type ScoringService } from './scoring-service.ts';

const listSchema = z.array(z.unknown());
const objectSchema = z.record(z.string(), z.unknown());

/** An object's fields by name. @throws RefusedRequest when it is none */
export function fieldsIn(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(readAs(objectSchema, value)));
}

/** @throws RefusedRequest when it is no list */
export function listOf(value: unknown): readonly unknown[] {
  return readAs(listSchema, value);
}

/** A row of names and values. @throws RefusedRequest when their numbers differ */
export function namedRow(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  if (names.length !== values.length) {
    throw new RefusedRequest(
      `a row has ${values.length} values, and there are ${names.length} inputs: ${names.join(', ')}`,
    );
  }
  return Object.fromEntries(names.map((name, place) => [name, values[place]]));
}

/** A row by name, also when it is a list in the order of the service's inputs. @throws RefusedRequest */
export function rowOf(row: unknown, service: ScoringService): unknown {
  return Array.isArray(row) ? namedRow(service.inputs, row) : row;
}

/** Rows of columns, `{"A": [1, 2], "B": [3, 4]}`. @throws RefusedRequest when their lengths differ */
export function rowsOfColumns(columns: ReadonlyMap<string, readonly unknown[]>): Record<string, unknown>[] {
  const lengths = new Set([...columns.values()].map(({ length }) => length));
  if (lengths.size > 1)
    throw new RefusedRequest(`the inputs have different numbers of rows: ${[...lengths].join(', ')}`);
  const [count = 0] = lengths;
  return Array.from({ length: count }, (_, place) =>
    Object.fromEntries([...columns].map(([name, values]) => [name, values[place]])),
  );
}
