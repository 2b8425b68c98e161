import type { FieldDefinition, InputDefinition } from '../../lib/partners/definition.ts';
import { type Transaction, valueFields } from '../../lib/transactions/transaction.ts';

/** What a transaction says in one field. */
export interface TransactionCell {
  /** Of the field. */
  name: string;
  field: FieldDefinition;
  /** A number, a value of an enum, or a time in ISO 8601; undefined when there is none. */
  read(values: Transaction['values']): string | number | undefined;
}

/** The cells of a transaction, in the order of its values: the time first. */
export function cellsOf(input: InputDefinition): TransactionCell[] {
  return valueFields(input).flatMap((name, place) => {
    const field = input.fields[name];
    return field === undefined ? [] : [{ name, field, read: (values) => cellOf(field, values[place] ?? 0) }];
  });
}

function cellOf({ type, enum: names = {} }: FieldDefinition, value: number): string | number | undefined {
  if (type === 'string') return Object.keys(names)[value - 1];
  if (Number.isNaN(value)) return undefined;
  return type === 'datetime' ? new Date(value).toISOString() : value;
}
