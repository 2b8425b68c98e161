import * as z from 'zod';

/** A row's value in an answer. */
export interface AnswerValue {
  value: unknown;
  /** How it is written in JSON, or as what is to stand there instead. */
  json: string;
  /** How it is written in CSV. */
  csv: string;
}

/** An answer as its rows' values, and how it is written with others. */
export interface AnswerValues {
  values: readonly AnswerValue[];
  write(values: readonly AnswerValue[]): string;
}

/** Stands for a list until that is written. */
const PLACE = '(values)';

const predictionsSchema = z.object({ predictions: z.array(z.unknown()) });
const tensorSchema = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.unknown(),
  data: z.array(z.unknown()),
});
const outputsSchema = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.tuple([tensorSchema]),
});

/** The values in a right answer of a reference service, whatever its protocol. */
export function valuesIn(text: string, contentType: string): AnswerValues {
  if (contentType.startsWith('text/csv')) {
    return { values: linesOf(text).map(answerValue), write: (values) => lines(values.map(({ csv }) => csv)) };
  }
  if (contentType.startsWith('application/jsonlines')) {
    const values = linesOf(text).map((line) => answerValue(JSON.parse(line)));
    return { values, write: (changed) => lines(changed.map(({ json }) => json)) };
  }
  return valuesInJson(JSON.parse(text));
}

function valuesInJson(answer: unknown): AnswerValues {
  if (Array.isArray(answer)) return valuesInList(answer, (list) => list);
  const { predictions } = predictionsSchema.safeParse(answer).data ?? {};
  if (predictions !== undefined) return valuesInList(predictions, (list) => `{"predictions":${list}}`);
  const tensors = outputsSchema.safeParse(answer).data;
  if (tensors === undefined) return valuesInList([answer], (list) => list.slice(1, -1) || '{}');
  const [output] = tensors.outputs;
  return valuesInList(output.data, (list, count) => {
    const outputs = [{ ...output, shape: [count, 1], data: PLACE }];
    return JSON.stringify({ ...tensors, outputs }).replace(JSON.stringify(PLACE), () => list);
  });
}

/** @param write the answer, of a list as it is written and how long that is */
function valuesInList(items: readonly unknown[], write: (list: string, count: number) => string): AnswerValues {
  const name = fieldOf(items[0]);
  const written = ({ json }: AnswerValue) => (name === undefined ? json : `{${JSON.stringify(name)}:${json}}`);
  return {
    values: items.map((item) => answerValue(name === undefined ? item : new Map(Object.entries(item ?? {})).get(name))),
    write: (values) => write(`[${values.map(written).join(',')}]`, values.length),
  };
}

/** The field in which objects have their value. */
function fieldOf(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null ? Object.keys(item)[0] : undefined;
}

function answerValue(value: unknown): AnswerValue {
  return { value, json: JSON.stringify(value), csv: String(value) };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join('');
}
