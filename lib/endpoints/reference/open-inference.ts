import * as z from 'zod';
import { fieldsIn, namedRow, rowsOfColumns } from './rows.ts';
import { RefusedRequest, readAs, type ScoringService } from './scoring-service.ts';
import { JSON_TYPE, jsonAnswer, plainRefusal, type ServerProtocol } from './server-protocol.ts';

const VERSION = '1';

const tensorSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  datatype: z.string(),
  data: z.array(z.unknown()),
});
type InputTensor = z.infer<typeof tensorSchema>;

const requestSchema = z.object({
  inputs: z.array(tensorSchema).min(1),
  outputs: z.array(z.object({ name: z.string() })).optional(),
});

const INT32 = 2 ** 31;

/** The datatypes of inputs: what is kept of a number, and undefined for one that the type does not have. */
const DATATYPES = new Map<string, (value: number) => number | undefined>([
  ['FP64', (value) => value],
  ['FP32', Math.fround],
  ['INT64', (value) => (Number.isInteger(value) ? value : undefined)],
  ['INT32', (value) => (Number.isInteger(value) && value >= -INT32 && value < INT32 ? value : undefined)],
]);

/**
 * As KServe's second version, Triton and MLServer answer: one tensor per input, or one of all of them.
 *
 * @see https://github.com/open-inference/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export const openInference: ServerProtocol = {
  mediaTypes: [JSON_TYPE],
  read: ({ body }, service) => {
    const { inputs, outputs = [] } = readAs(requestSchema, body);
    const other = outputs.find(({ name }) => name !== service.output);
    if (other !== undefined) throw new RefusedRequest(`${service.name} has no output ${other.name}`);
    const tensors = inputs.map((tensor) => ({ ...tensor, data: numbersIn(tensor) }));
    const [first] = tensors;
    return first !== undefined && first.shape[1] === service.inputs.length && first.shape[1] > 1
      ? rowsOfMatrix(first.data, tensors.length, service)
      : rowsOfTensors(tensors, service);
  },
  write: (values, service, { body }) => {
    const id = fieldsIn(body).get('id');
    const { name, datatype } = outputOf(service);
    const outputs = [{ name, datatype, shape: [values.length, 1], data: values }];
    const model = { model_name: service.name, model_version: VERSION };
    return jsonAnswer(typeof id === 'string' ? { ...model, id, outputs } : { ...model, outputs });
  },
  refuse: plainRefusal,
};

/** What a server tells of a model. */
export function metadataOf(service: ScoringService) {
  return {
    name: service.name,
    versions: [VERSION],
    platform: 'member-offers_reference',
    inputs: service.inputs.map((name) => ({ name, datatype: 'FP64', shape: [-1, 1] })),
    outputs: [{ ...outputOf(service), shape: [-1, 1] }],
  };
}

function outputOf({ output, gives }: ScoringService): { name: string; datatype: string } {
  return { name: output, datatype: gives === 'text' ? 'BYTES' : 'FP64' };
}

/** The values of a tensor in row-major order. @throws RefusedRequest when they do not fit its shape and datatype */
function numbersIn({ name, shape, datatype, data }: InputTensor): number[] {
  const values = data.flat(Number.POSITIVE_INFINITY);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 0 || shape.length > 2) throw new RefusedRequest(`${name} must have a shape such as [rows, 1]`);
  if (values.length !== expected) {
    throw new RefusedRequest(
      `${name} has ${values.length} values, and its shape [${shape.join(', ')}] is of ${expected}`,
    );
  }
  const kept = DATATYPES.get(datatype);
  if (kept === undefined) {
    throw new RefusedRequest(`${name} has the datatype ${datatype}; there are ${[...DATATYPES.keys()].join(', ')}`);
  }
  return values.map((value) => {
    const number = typeof value === 'number' ? kept(value) : undefined;
    if (number === undefined) throw new RefusedRequest(`${name} has a value that is no ${datatype}`);
    return number;
  });
}

function rowsOfMatrix(values: readonly number[], tensors: number, { inputs }: ScoringService): unknown[] {
  if (tensors > 1) throw new RefusedRequest('a matrix of all inputs must be the only tensor');
  const count = values.length / inputs.length;
  return Array.from({ length: count }, (_, place) =>
    namedRow(inputs, values.slice(place * inputs.length, (place + 1) * inputs.length)),
  );
}

function rowsOfTensors(tensors: readonly InputTensor[], { inputs }: ScoringService): unknown[] {
  const columns = new Map<string, readonly unknown[]>();
  for (const { name, shape, data } of tensors) {
    if ((shape[1] ?? 1) !== 1) throw new RefusedRequest(`${name} must have the shape [rows, 1]`);
    if (columns.has(name)) throw new RefusedRequest(`${name} is there twice`);
    columns.set(name, data);
  }
  const missing = inputs.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new RefusedRequest(`there is no input ${missing.join(', ')}`);
  return rowsOfColumns(columns);
}
