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

/** What a model is sent: features by name, unrounded; all of the member's unless some are named. */
export function predictionRow(features: Features, send?: ModelDefinition['send']): Row {
  if (send === undefined) return features;
  const named = Array.isArray(send) ? send.map((name) => [name, name] as const) : Object.entries(send);
  return Object.fromEntries(named.map(([sent, feature]) => [sent, features[feature]]));
}

/** What the offer service is sent: predictions, `{"ats_prediction": 1234.5, "resp_prediction": 0.42}`. */
export function offerRow(
  predictions: Readonly<Record<string, number | undefined>>,
  send: OfferDefinition['send'],
): Row {
  return Object.fromEntries(Object.entries(send).map(([sent, model]) => [sent, predictions[model]]));
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
