import { parse } from 'csv-parse/sync';
import { listInstances, objectInstances } from './instances.ts';
import { fieldOf, JSON_HEADERS, PREDICTIONS_ANSWER, parsedOrNot, textUnder } from './json-answer.ts';
import {
  type ErrorHeaders,
  type Protocol,
  type ProtocolKind,
  type Row,
  type ServerError,
  UnusableAnswerError,
  USUAL_ROWS,
} from './protocol.ts';

/** Containers answer in the type that they choose when a client has no wish: some know only that one. */
const CSV_HEADERS = { 'content-type': 'text/csv', accept: '*/*' };

const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const TOO_MANY_REQUESTS = 429;
/** The container has answered with an error. */
const MODEL_ERROR = 424;
const SERVER_ERROR = 500;

/** What AWS calls too many requests, which it answers with 400. */
const THROTTLED = /^(?:Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown)/;

/** Answers are of many types, and are known by their texts: not all containers name the type that they answer in. */
function protocol(headers: Protocol['headers'], encode: Protocol['encode'], example: Protocol['example']): Protocol {
  return { headers, isNamed: false, encode, decode, example, errorIn };
}

const csv = protocol(CSV_HEADERS, csvOf, csvExample);
const objects = protocol(JSON_HEADERS, objectInstances, PREDICTIONS_ANSWER.example);
const lists = protocol(JSON_HEADERS, listInstances, PREDICTIONS_ANSWER.example);

/**
 * SageMaker's real-time inference: the containers of its own algorithms, of its frameworks, and others' own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 */
export const SAGEMAKER: ProtocolKind = {
  layouts: {
    csv: { rows: USUAL_ROWS, of: () => csv },
    objects: { rows: USUAL_ROWS, of: () => objects },
    lists: { rows: USUAL_ROWS, of: () => lists },
  },
  keys: [],
  isSigned: true,
};

/** A line per row, without a header: containers know features by their places. */
function csvOf(rows: readonly Row[]): string {
  return rows.map((row) => Object.values(row).join(',')).join('\n');
}

/** @param value a number, a text in quotes, or a list that begins with what is left out */
function csvExample(value: string): string {
  return value.replace(/^"(.*)"$/, '$1').replace(/^\[(.*)\]$/, '$1');
}

function decode(text: string, example: string, rows?: number): readonly unknown[] {
  const trimmed = text.trim();
  // Nothing, or a page of something that stands before the container.
  if (trimmed === '' || trimmed.startsWith('<')) throw new UnusableAnswerError(`no answer such as ${example}`);
  const values = /^[[{]/.test(trimmed) ? jsonValues(trimmed, example) : csvValues(trimmed, example);
  return rows === undefined ? values : readAsRows(values, rows);
}

/** XGBoost's container has one line for all rows, whether a row has one value or several: `1,2` and `[1, 2]`. */
function readAsRows(values: readonly unknown[], rows: number): readonly unknown[] {
  const [only] = values;
  if (rows > 1 && values.length === 1 && Array.isArray(only) && only.length === rows) return only;
  if (rows === 1 && values.length > 1 && values.every((value) => typeof value === 'number')) return [values];
  return values;
}

/** A line's only cell, or the list of its cells. */
function csvValues(text: string, example: string): unknown[] {
  const lines = text.includes('"') ? quotedLines(text, example) : text.split(/\r?\n/).map((line) => line.split(','));
  return lines.map((cells) => (cells.length === 1 ? somethingIn(cells[0]) : cells.map((cell) => somethingIn(cell))));
}

/** What stands for no value in CSV, which has no other words for it; no offer is called so. */
const NOTHING = /^\s*(?:nan|null|)\s*$/i;

function somethingIn(cell = ''): string | null {
  return NOTHING.test(cell) ? null : cell;
}

function quotedLines(text: string, example: string): string[][] {
  try {
    return parse(text, { relaxColumnCount: true, relaxQuotes: true });
  } catch {
    // The error would quote the text.
    throw new UnusableAnswerError(`no CSV such as ${example}`, { isOfRows: true });
  }
}

/** A list under `predictions` or a bare one, also without its brackets, or a value on each line. */
function jsonValues(text: string, example: string): readonly unknown[] {
  const whole = parsedOrNot(text);
  if (whole === undefined) return severalIn(text) ?? refuse(example);
  if (Array.isArray(whole)) return whole;
  const predictions: unknown = fieldOf(whole, 'predictions');
  return Array.isArray(predictions) ? predictions : [whole];
}

function severalIn(text: string): readonly unknown[] | undefined {
  const lines = text.split(/\r?\n/).map(parsedOrNot);
  if (lines.length > 1 && !lines.includes(undefined)) return lines;
  const list = parsedOrNot(`[${text}]`);
  return Array.isArray(list) ? list : undefined;
}

function refuse(example: string): never {
  throw new UnusableAnswerError(`no JSON such as ${example}`);
}

function errorIn(status: number, text: string, headers: ErrorHeaders = {}): ServerError | undefined {
  if (status === MODEL_ERROR) return errorOfModel(text);
  const message = textUnder('message', text) ?? textUnder('Message', text);
  const type = typeIn(text, headers);
  if (status === BAD_REQUEST && THROTTLED.test(type)) return { status: TOO_MANY_REQUESTS, text: message ?? type };
  if (status === BAD_REQUEST && /not found/i.test(message ?? '') && /^ValidationError/.test(type)) {
    return { status: NOT_FOUND, text: message ?? type };
  }
  return message === undefined ? undefined : { status, text: message };
}

/** Of a container that did not answer at all, AWS gives the status 0. */
function errorOfModel(text: string): ServerError {
  const original = fieldOf(parsedOrNot(text), 'OriginalStatusCode');
  const status = typeof original === 'number' && original >= BAD_REQUEST && original <= 599 ? original : SERVER_ERROR;
  const said = textUnder('OriginalMessage', text) ?? textUnder('Message', text) ?? textUnder('message', text) ?? text;
  return { status, text: said };
}

/** @example typeIn('{}', { 'x-amzn-errortype': 'ThrottlingException:http://…' }) // ThrottlingException */
function typeIn(text: string, headers: ErrorHeaders): string {
  const header = headers['x-amzn-errortype'];
  const type =
    (Array.isArray(header) ? header[0] : header) ?? textUnder('__type', text) ?? textUnder('code', text) ?? '';
  return type.replace(/^.*#/, '').replace(/:.*$/, '');
}
