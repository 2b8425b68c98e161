import { excerpt } from '../excerpt.ts';
import { asList, fieldOf, JSON_HEADERS, listIn, parseJson } from './json-answer.ts';
import {
  type Protocol,
  type ProtocolKind,
  type ProtocolOptions,
  type Row,
  type Take,
  UnsendableRowsError,
  UnusableAnswerError,
  USUAL_ROWS,
} from './protocol.ts';

const DEFAULT_DATATYPE = 'FP64';

/** The largest whole numbers. Beyond that of INT64, numbers of JSON are not exact. */
const LARGEST: Readonly<Record<string, number>> = { INT64: Number.MAX_SAFE_INTEGER, INT32: 2 ** 31 - 1 };

/** No tensor of predictions has so many. */
const MAX_DIMENSIONS = 8;

/** Outputs that a message names, and how much of each. */
const MAX_NAMES = 5;
const MAX_NAME_LENGTH = 40;

interface Tensor {
  name: string;
  shape: readonly number[];
  datatype: string;
  data: readonly (number | undefined)[];
}

/** One of the tensors that a server answers with, as far as it is looked at before it is chosen. */
interface Output {
  name: string;
  tensor: unknown;
}

function protocol({ take }: ProtocolOptions, inputsOf: (rows: readonly Row[]) => Tensor[]): Protocol {
  const chosen = outputNamedBy(take);
  return {
    headers: JSON_HEADERS,
    isNamed: false,
    encode: (rows) => JSON.stringify({ inputs: inputsOf(rows) }),
    decode(text, example) {
      const output = outputIn(parseJson(text, example), chosen, example);
      const values = valuesIn(output, example);
      // So that `take` leads through the output that it names.
      return chosen === undefined ? values : values.map((value) => ({ [chosen]: value }));
    },
    example: (value) => exampleOf(chosen, value),
  };
}

/** One tensor per feature, of the feature's name. */
function tensors(options: ProtocolOptions): Protocol {
  const { datatype = DEFAULT_DATATYPE } = options;
  return protocol(options, (rows) =>
    Object.keys(rows[0] ?? {}).map((name) => {
      const data = rows.map((row) => row[name]);
      checkNumbers(data, datatype, () => name);
      return { name, shape: [rows.length, 1], datatype, data };
    }),
  );
}

/** One tensor with all features in their order, a row after the other. */
function matrix(options: ProtocolOptions): Protocol {
  const { datatype = DEFAULT_DATATYPE, tensor } = options;
  if (tensor === undefined) throw new RangeError('a matrix needs the name of its tensor');
  return protocol(options, (rows) => {
    const names = Object.keys(rows[0] ?? {});
    const data = rows.flatMap(Object.values<number | undefined>);
    checkNumbers(data, datatype, (place) => names[place % names.length] ?? tensor);
    return [{ name: tensor, shape: [rows.length, names.length], datatype, data }];
  });
}

/**
 * The Open Inference Protocol, version 2 of KServe's: Triton, MLServer, Seldon and KServe speak it. Offers are of the
 * datatype BYTES, which stands for texts.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export const OPEN_INFERENCE: ProtocolKind = {
  layouts: { tensors: { rows: USUAL_ROWS, of: tensors }, matrix: { rows: USUAL_ROWS, needs: ['tensor'], of: matrix } },
  keys: ['datatype'],
};

/** Some servers cut fractions off, and the digits of large numbers: another member would be scored than was meant. */
function checkNumbers(
  numbers: readonly (number | undefined)[],
  datatype: string,
  nameAt: (place: number) => string,
): void {
  const largest = LARGEST[datatype];
  if (largest === undefined) return;
  const wrong = numbers.findIndex(
    (number) => number !== undefined && !(Number.isInteger(number) && Math.abs(number) <= largest),
  );
  if (wrong === -1) return;
  throw new UnsendableRowsError(
    `${nameAt(wrong)} is no whole number up to ${largest}, as ${datatype} has to be: set datatype to FP64, or to FP32`,
  );
}

function outputNamedBy(take: Take | undefined): string | undefined {
  const first = typeof take === 'object' ? take[0] : take;
  return typeof first === 'string' ? first : undefined;
}

function outputIn(answer: unknown, chosen: string | undefined, example: string): Output {
  const outputs = listIn(answer, 'outputs', example).map((tensor) => ({ name: nameOf(tensor), tensor }));
  if (chosen === undefined) {
    const [only, ...others] = outputs;
    if (only !== undefined && others.length === 0) return only;
    throw unusable(
      only === undefined ? 'no output' : `the outputs ${namesOf(outputs)}: set take to the one that counts`,
    );
  }
  const found = outputs.find(({ name }) => name === chosen);
  if (found !== undefined) return found;
  throw unusable(`no output ${chosen}, which take names${outputs.length === 0 ? '' : `; it has ${namesOf(outputs)}`}`);
}

function nameOf(tensor: unknown): string {
  const name = fieldOf(tensor, 'name');
  return typeof name === 'string' ? name : '';
}

function namesOf(outputs: readonly Output[]): string {
  const shown = outputs.slice(0, MAX_NAMES).map(({ name }) => excerpt(name, MAX_NAME_LENGTH) || 'one without a name');
  return `${shown.join(', ')}${outputs.length > MAX_NAMES ? ', …' : ''}`;
}

/** A value for each row: where it has several, a list. Data may be nested, as the shape is, or flat. */
function valuesIn({ name, tensor }: Output, example: string): readonly unknown[] {
  const title = `the output ${excerpt(name, MAX_NAME_LENGTH) || 'without a name'}`;
  const shape = shapeOf(tensor);
  if (shape === undefined) throw unusable(`${title} without a shape such as [rows, 1]`);
  const data = asList(fieldOf(tensor, 'data'), `${title} has no list data`, example);
  const numbers = data.flat(shape.length - 1);
  const [rows = 0, ...others] = shape;
  const perRow = others.reduce((product, size) => product * size, 1);
  if (numbers.length !== rows * perRow) {
    throw unusable(`${title} of the shape [${shape.join(', ')}] with ${numbers.length} values`);
  }
  if (perRow === 1) return numbers;
  return Array.from({ length: rows }, (_, row) => numbers.slice(row * perRow, (row + 1) * perRow));
}

function shapeOf(tensor: unknown): readonly number[] | undefined {
  const shape: unknown = fieldOf(tensor, 'shape');
  if (!Array.isArray(shape) || shape.length === 0 || shape.length > MAX_DIMENSIONS) return undefined;
  const sizes = shape.filter((size: unknown) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0);
  return sizes.length === shape.length ? sizes : undefined;
}

/** @param value with `take`, an object with the output that it names */
function exampleOf(chosen: string | undefined, value: string): string {
  const name = JSON.stringify(chosen ?? 'predictions');
  const beginning = `{${name}: `;
  const shown = value.startsWith(beginning) ? value.slice(beginning.length, -1) : value;
  const datatype = shown.includes('"') ? 'BYTES' : DEFAULT_DATATYPE;
  const shape = shown.startsWith('[') ? '[1, …]' : '[1]';
  return `{"outputs": [{"name": ${name}, "shape": ${shape}, "datatype": "${datatype}", "data": [${shown}]}]}`;
}

function unusable(problem: string): UnusableAnswerError {
  return new UnusableAnswerError(problem, { isOfRows: true });
}
