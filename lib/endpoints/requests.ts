import type { Features } from '../members/features.ts';
import type { ModelDefinition, OfferDefinition } from '../partners/definition.ts';
import type { Row, Take } from '../protocols/protocol.ts';
import { numberIn, textIn, valueAt } from '../protocols/value-at.ts';

/** What is sent to the customer's services of a member, and what must come back for it. */

/** What an endpoint must answer for a row. */
export interface RowContract<T> {
  /** @param value as it stands in the answer @throws UnusableAnswerError */
  read(value: unknown): T;
  /** A usable value, for people. @param isNamed see `Protocol` */
  example(isNamed: boolean): string;
}

/** Makes what a model is sent: features by name, unrounded; all of a member's unless some are named. */
export function predictionRows(send?: ModelDefinition['send']): (features: Features) => Row {
  if (send === undefined) return (features) => features;
  return rowsOf(Array.isArray(send) ? send.map((name) => [name, name]) : Object.entries(send));
}

/** Makes what the offer service is sent: predictions, `{"ats_prediction": 1234.5, "resp_prediction": 0.42}`. */
export function offerRows(send: OfferDefinition['send']): (predictions: Row) => Row {
  return rowsOf(Object.entries(send));
}

/** @param names of a value where it is sent, and where it is taken from; never `__proto__`, see `definitionShape` */
function rowsOf(names: readonly (readonly [sent: string, name: string])[]): (values: Row) => Row {
  return (values) => {
    const row: Record<string, number | undefined> = {};
    for (const [sent, name] of names) row[sent] = values[name];
    return row;
  };
}

/** What a model must answer. @param take where in a row's value the number is */
export function predictionContract(take?: Take): RowContract<number> {
  return {
    read: (value) => numberIn(valueAt(value, take, 'prediction')),
    example: (isNamed) => exampleAt('0.42', take, isNamed ? 'prediction' : undefined),
  };
}

/**
 * What the offer service must answer: a name, which reports count by. Blanks around it are none of it: with and without
 * them it is one offer. A name in another encoding than its answer says is none at all.
 *
 * @param take where in a row's value the name is
 * @param redact takes out what is secret: an offer is the only text of an answer that is stored
 */
export function offerContract(take?: Take, redact = (text: string) => text): RowContract<string> {
  return {
    read: (value) => redact(textIn(valueAt(value, take, 'offer'))),
    example: (isNamed) => exampleAt('"OFFER_2"', take, isNamed ? 'offer' : undefined),
  };
}

/** What has a value in such a place: `{"scores": [0.42]}` for scores, 0. */
function exampleAt(value: string, take: Take | undefined, field: string | undefined): string {
  const path = take === undefined ? (field === undefined ? [] : [field]) : [take].flat();
  return path.reduceRight<string>((inner, step) => {
    if (typeof step === 'string') return `{${JSON.stringify(step)}: ${inner}}`;
    return `[${'…, '.repeat(step)}${inner}]`;
  }, value);
}
