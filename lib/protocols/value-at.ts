import { excerpt } from '../excerpt.ts';
import { fieldOf } from './json-answer.ts';
import { type Take, UnusableAnswerError } from './protocol.ts';

/** What servers write that have numbers as text. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** An offer is a name, which reports count by. */
const MAX_OFFER_LENGTH = 200;

/** Fields that a message names, and how much of each. */
const MAX_FIELDS = 5;
const MAX_FIELD_LENGTH = 40;

/**
 * What stands for a row in its part of an answer: what `take` leads to or, without it, what an object has under the usual
 * field. A list of exactly one element stands for that element, also within another one.
 *
 * @param value the row's part
 * @param take names are those of fields, numbers are places in lists
 * @param field the usual one, `prediction` or `offer`
 * @throws UnusableAnswerError when there is nothing at that place
 * @example valueAt({ scores: [0.58, 0.42] }, ['scores', 1], 'prediction') // 0.42
 * @example valueAt([[0.42]], undefined, 'prediction') // 0.42
 */
export function valueAt(value: unknown, take: Take | undefined, field: string): unknown {
  if (take !== undefined) return single(taken(value, take));
  const whole = single(value);
  return isObject(whole) ? single(usual(whole, field)) : whole;
}

/**
 * The number that a value is, or that a text is the decimals of.
 *
 * @throws UnusableAnswerError for anything else, NaN and Infinity among it
 * @example numberIn(' 0.42 ') // 0.42
 */
export function numberIn(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const number = typeof value === 'string' ? decimalIn(value.trim()) : undefined;
  return number ?? refuse(value, 'number');
}

/**
 * The name of an offer, without the blanks around it: with and without them it is one offer. A name in another encoding
 * than its answer says is none at all.
 *
 * @throws UnusableAnswerError when a value is no such text
 */
export function textIn(value: unknown): string {
  if (typeof value !== 'string') return refuse(value, 'offer');
  const text = value.trim();
  if (text === '') throw unusable('an offer without a name');
  if (text.length > MAX_OFFER_LENGTH)
    throw unusable(`an offer whose name is longer than ${MAX_OFFER_LENGTH} characters`);
  if (!text.includes('\uFFFD')) return text;
  throw unusable('an offer whose name is neither in UTF-8 nor in the encoding that the answer names');
}

function single(value: unknown): unknown {
  let inner = value;
  while (Array.isArray(inner) && inner.length === 1) inner = inner[0];
  return inner;
}

function taken(value: unknown, take: Take): unknown {
  if (typeof take !== 'object') return step(value, take);
  let inner = value;
  for (const place of take) inner = step(inner, place);
  return inner;
}

function step(value: unknown, place: string | number): unknown {
  if (typeof place === 'number') return elementOf(value, place);
  const whole = single(value);
  if (!isObject(whole)) throw unusable(`${kindOf(whole)} where take expects an object with the field ${place}`);
  const inner = fieldOf(whole, place);
  if (inner !== undefined) return inner;
  throw unusable(`an object without the field ${place} that take names${fieldsIn(whole)}`);
}

function elementOf(value: unknown, place: number): unknown {
  if (!Array.isArray(value)) throw unusable(`${kindOf(value)} where take expects a list`);
  if (place < value.length) return value[place];
  throw unusable(`a list of ${value.length}, which has no place ${place} as take expects: the first is 0`);
}

function usual(value: object, field: string): unknown {
  const inner = fieldOf(value, field);
  if (inner !== undefined) return inner;
  throw unusable(`an object without the field ${field}${fieldsIn(value)}; set take to the field that counts`);
}

function decimalIn(text: string): number | undefined {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function refuse(value: unknown, wanted: 'number' | 'offer'): never {
  if (Array.isArray(value)) {
    const hint = value.length === 0 ? '' : '; set take to the place that counts, from 0';
    throw unusable(`a list of ${value.length} where one ${wanted} is expected${hint}`);
  }
  if (isObject(value)) {
    throw unusable(`an object where one ${wanted} is expected${fieldsIn(value)}; set take to the field that counts`);
  }
  throw unusable(`${kindOf(value)}, which is no ${wanted === 'number' ? 'finite number' : "offer's name"}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsIn(value: object): string {
  const names = Object.keys(value);
  if (names.length === 0) return ', and without any other';
  const shown = names.slice(0, MAX_FIELDS).map((name) => excerpt(name, MAX_FIELD_LENGTH));
  return ` (it has ${shown.join(', ')}${names.length > MAX_FIELDS ? ', …' : ''})`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function unusable(problem: string): UnusableAnswerError {
  return new UnusableAnswerError(problem, { isOfRows: true });
}
