import { mapNames, namesIn } from './registry.ts';

/** A range of numbers. Both ends belong to it; an absent one bounds nothing. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

/** One of the customer's services that is called for each member. */
export interface CallDefinition {
  /** What people and columns call it. */
  label: string;
  /** What it gives, beside the label. */
  title: string;
  /** A sentence for whoever meets the label for the first time. */
  meaning: string;
  /** The environment variable that holds its address. */
  urlVariable: string;
  /** Where the reference service answers. */
  path: string;
  /** In charts: a custom property of the page's style. */
  colour: string;
}

/** One of the customer's models: it is sent the features, and answers with a number. */
export interface PredictionDefinition extends CallDefinition {
  /** What its numbers are expected to be, and the environment variable that says otherwise. */
  expected: Range;
  expectedVariable: string;
  /** Excel's number format. */
  format: string;
  /** ARGB of the largest value's cell, pale enough for black text. */
  cellColour: string;
}

/** The models, side by side. Adding one: CONTRIBUTING.md. */
const PREDICTION_DEFINITIONS = {
  ats: {
    label: 'ATS',
    title: 'transaction size',
    meaning: 'Average transaction size, as one model predicts it for the member.',
    urlVariable: 'ATS_URL',
    path: '/ml/ats/predict',
    colour: 'var(--c1)',
    expected: { from: 0 },
    expectedVariable: 'EXPECTED_ATS',
    format: '#,##0.00',
    cellColour: 'FF9DC3E6',
  },
  resp: {
    label: 'RESP',
    title: 'probability to respond',
    meaning: 'The probability that the member responds to an offer, as the other model predicts it.',
    urlVariable: 'RESP_URL',
    path: '/ml/resp/predict',
    colour: 'var(--c2)',
    expected: { from: 0, to: 1 },
    expectedVariable: 'EXPECTED_RESP',
    format: '0.0000',
    cellColour: 'FFA9D18E',
  },
} as const satisfies Record<string, PredictionDefinition>;

/** What is called once the predictions are there: it is sent these, and answers with an offer. */
const OFFER_DEFINITION = {
  label: 'OFFER',
  title: 'offer',
  meaning: 'The service that chooses an offer by the predictions.',
  urlVariable: 'OFFER_URL',
  path: '/offer/assign',
  colour: 'var(--c3)',
} as const satisfies CallDefinition;

export type Prediction = keyof typeof PREDICTION_DEFINITIONS;
export type Call = Prediction | 'offer';

type ExpectedVariable = (typeof PREDICTION_DEFINITIONS)[Prediction]['expectedVariable'];
type UrlVariable = (typeof PREDICTION_DEFINITIONS)[Prediction]['urlVariable'] | typeof OFFER_DEFINITION.urlVariable;

export const PREDICTION_DEFINITION: Readonly<
  Record<Prediction, PredictionDefinition & { expectedVariable: ExpectedVariable }>
> = PREDICTION_DEFINITIONS;
export const CALL_DEFINITION: Readonly<Record<Call, CallDefinition & { urlVariable: UrlVariable }>> = {
  ...PREDICTION_DEFINITIONS,
  offer: OFFER_DEFINITION,
};

export const PREDICTIONS = namesIn(PREDICTION_DEFINITION);
/** In the order in which reports list them; the offer is the last to be called. */
export const CALLS = namesIn(CALL_DEFINITION);

/** The two predictions whose product is what is expected of a member: offers are compared by it. */
export const EXPECTED_VALUE_OF: readonly [Prediction, Prediction] = ['ats', 'resp'];
/** The product as a formula, `ATS × RESP`. */
export const EXPECTED_VALUE_FORMULA = EXPECTED_VALUE_OF.map(
  (prediction) => PREDICTION_DEFINITION[prediction].label,
).join(' × ');

/** A run was begun by a version of the service that has other calls. */
export class UnknownCallError extends Error {
  override name = 'UnknownCallError';
}

/**
 * Calls by the names that a run has them by.
 * @throws UnknownCallError when this version of the service lacks one
 */
export function callsNamed(names: readonly string[]): readonly Call[] {
  const unknown = names.find((name) => !CALLS.some((call) => call === name));
  if (unknown === undefined) return CALLS.filter((call) => names.includes(call));
  throw new UnknownCallError(
    `the run has a call ${unknown}, which this version of the service does not know: deploy the one that began it, or drop the file again`,
  );
}

export const URL_VARIABLES = CALLS.map((call) => CALL_DEFINITION[call].urlVariable);
export const EXPECTED_VARIABLES = PREDICTIONS.map((prediction) => PREDICTION_DEFINITION[prediction].expectedVariable);

/** The calls, or what is theirs, as a sentence has them: `ats, resp and offer`. */
export function callsInWords(words: readonly string[] = CALLS): string {
  return new Intl.ListFormat('en-GB').format(words);
}

export function mapPredictions<T>(value: (prediction: Prediction) => T): Record<Prediction, T> {
  return mapNames(PREDICTIONS, value);
}

export function mapCalls<T>(value: (call: Call) => T): Record<Call, T> {
  return mapNames(CALLS, value);
}
