import { variableIn } from './partners/call-url.ts';
import type { CallsDefinition, ModelDefinition } from './partners/definition.ts';
import { FIRST_DEFINITION } from './partners/first-definition.ts';
import { labelOf, OFFER, OFFER_LABEL } from './partners/labels.ts';

/** A range of numbers. Both ends belong to it; an absent one bounds nothing. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

/** One of the customer's services that is called for each member, as reports have it. */
export interface Call {
  /** By which a run's objects have it. */
  name: string;
  /** What people and columns call it. */
  label: string;
  /** What holds its address: an environment variable, or the partner's file. */
  addressIn: string;
  /** In charts: a custom property of the page's style. */
  colour: string;
}

/** One of the customer's models: it is sent features, and answers with a number. */
export interface Model extends Call {
  /** What it gives, beside the label. */
  title: string;
  /** A sentence for whoever meets the label for the first time. */
  meaning: string;
  /** What its numbers are expected to be, and the environment variable that says otherwise, if there is one. */
  expected: Range;
  expectedVariable: string | undefined;
  /** Excel's number format. */
  format: string;
  /** ARGB of the largest value's cell, pale enough for black text. */
  cellColour: string;
}

/** What a run calls for each member. */
export interface Calls {
  /** Side by side; at least one. */
  models: readonly Model[];
  /** With what the models have predicted; undefined for a partner without an offer service. */
  offer: Call | undefined;
  /** In the order in which reports list them; the offer is the last to be called. */
  all: readonly Call[];
  expectedValue: ExpectedValue | undefined;
}

/** The two predictions whose product is what is expected of a member: offers are compared by it. */
export interface ExpectedValue {
  factors: readonly [Model, Model];
  /** `ATS × RESP`. */
  formula: string;
}

const MODEL_FORMATS = { decimal: '#,##0.00', whole: '#,##0', percent: '0.0%', probability: '0.0000' } as const;

/** As the page's style has them, by the place of the call. */
const COLOURS = 8;
const CELL_COLOURS = ['FF9DC3E6', 'FFA9D18E', 'FFFFD966', 'FFC9B7E4', 'FFF4B6C2', 'FF9FD8D3'] as const;

/** What a run calls, of what its definition says. */
export function callsOf({ models: definitions, offer: offerDefinition }: CallsDefinition): Calls {
  const models = Object.entries(definitions).map(([name, definition], place) => modelOf(name, definition, place));
  const offer = offerDefinition && {
    name: OFFER,
    label: OFFER_LABEL,
    addressIn: addressIn(OFFER, offerDefinition),
    colour: colourAt(models.length),
  };
  const factors = offerDefinition?.expectedValue?.flatMap((name) => models.find((model) => model.name === name) ?? []);
  const [one, other] = factors ?? [];
  return {
    models,
    offer,
    all: offer === undefined ? models : [...models, offer],
    expectedValue: one && other && { factors: [one, other], formula: `${one.label} × ${other.label}` },
  };
}

/** Names of what is called, in order. */
export function callNames({ models, offer }: CallsDefinition): string[] {
  return [...Object.keys(models), ...(offer === undefined ? [] : [OFFER])];
}

/** Names as a sentence has them: `ats, resp and offer`. */
export function inWords(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}

function modelOf(name: string, definition: ModelDefinition, place: number): Model {
  const { title, description, format = 'decimal', expected = {} } = definition;
  return {
    name,
    label: labelOf(name, definition),
    title,
    meaning: description ?? `${title.charAt(0).toUpperCase()}${title.slice(1)}, as a model predicts it for the member.`,
    addressIn: addressIn(name, definition),
    colour: colourAt(place),
    expected,
    expectedVariable: expectedVariableOf(name),
    format: MODEL_FORMATS[format],
    cellColour: CELL_COLOURS[place % CELL_COLOURS.length] ?? CELL_COLOURS[0],
  };
}

function addressIn(name: string, { url }: { url: string }): string {
  return variableIn(url) ?? `the url of ${name} in the partner's file`;
}

function colourAt(place: number): string {
  return `var(--c${1 + (place % COLOURS)})`;
}

/** Only the models that all partners had before there were partner files have one. */
function expectedVariableOf(name: string): string | undefined {
  return Object.hasOwn(FIRST_DEFINITION.models, name) ? `EXPECTED_${name.toUpperCase()}` : undefined;
}
