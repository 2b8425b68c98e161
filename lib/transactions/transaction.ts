import { type FieldDefinition, type InputDefinition, MEMBER, TIME } from '../partners/definition.ts';

/** One accepted row. */
export interface Transaction {
  memberId: string;
  /**
   * A number for each of `valueFields`: of a time milliseconds since the epoch, of an enum its `codeOf`. What has no
   * value is NaN, in an enum `NO_CODE`.
   */
  values: Readonly<Float64Array>;
  /** How many of its cells were blank. */
  imputedValues: number;
}

/** The place of the time among a transaction's values. */
export const TIME_VALUE = 0;

/** A blank in a field with an enum: the transaction counts, but has none of the values. */
export const NO_CODE = 0;

/** The fields that a transaction has a value of, in the order of its values: all but the member, the time first. */
export function valueFields({ fields }: InputDefinition): string[] {
  return [TIME, ...Object.keys(fields).filter((name) => name !== MEMBER && name !== TIME)];
}

/** What messages call a field: its first title. */
export function titleInMessages(field: FieldDefinition | undefined): string {
  return field?.titles[0] ?? '';
}

/** The number that stands for a value of an enum. */
export function codeOf(field: FieldDefinition | undefined, value: string): number {
  return 1 + Object.keys(field?.enum ?? {}).indexOf(value);
}
