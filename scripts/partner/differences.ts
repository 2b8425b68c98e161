import { DATATYPES } from '../../lib/partners/definition.ts';
import { nearestName } from '../../lib/partners/nearest.ts';
import { layoutOf, type Manner, type ProtocolName } from '../../lib/protocols/protocols.ts';
import type { SelfDescription, ToldTensor } from '../../lib/protocols/self-description.ts';

/** What a call is sent and how, by the partner's file. */
export interface Sent {
  /** What it is told by, under the names that it is sent: features, or models with their predictions. */
  names: Readonly<Record<string, string>>;
  manner: Manner;
  /** In a request, at the most. */
  rows: number;
}

/** What a server tells of itself otherwise than the partner's file has it. */
export interface Difference {
  problem: string;
  /** What has to stand in the file; undefined where nothing there settles it. */
  line?: string;
}

/** How a protocol has the inputs of models. */
interface InputForms {
  /** The layouts with an input for each name, and with one for all of them. */
  named: string;
  single: string;
  /** Whether the partner's file names that one, and the datatype of all. */
  isTyped: boolean;
}

const FORMS: Partial<Record<ProtocolName, InputForms>> = {
  'open-inference': { named: 'tensors', single: 'matrix', isTyped: true },
  instances: { named: 'objects', single: 'lists', isTyped: false },
};

const DEFAULT_DATATYPE = 'FP64';
/** What servers call texts. */
const TEXTS = ['BYTES', 'DT_STRING'];

/** Each that is to be settled before a server can be expected to answer. */
export function differencesFrom({ inputs, outputs }: SelfDescription, sent: Sent): Difference[] {
  const { protocol = 'json' } = sent.manner;
  const forms = FORMS[protocol];
  if (forms === undefined) return [];
  return [
    ...(inputs.length === 0 ? [] : inputDifferences(inputs, sent, forms)),
    ...(outputs.length === 0 ? [] : outputDifferences(outputs, sent, protocol)),
  ];
}

function inputDifferences(inputs: readonly ToldTensor[], sent: Sent, forms: InputForms): Difference[] {
  const [first, ...others] = inputs;
  if (first === undefined) return [];
  const isOfAll = others.length === 0 && (Object.keys(sent.names).length > 1 || isSingle(sent, forms));
  return [
    ...(isOfAll ? matrixDifferences(first, sent, forms) : namedDifferences(inputs, sent, forms)),
    ...datatypeDifferences(inputs, sent, forms),
    ...rowDifferences(inputs, sent),
  ];
}

function isSingle({ manner }: Sent, { single }: InputForms): boolean {
  return layoutOf(manner) === layoutOf({ ...manner, layout: single });
}

/** The server has one input for all that a row has. */
function matrixDifferences(input: ToldTensor, sent: Sent, forms: InputForms): Difference[] {
  const { name } = input;
  const { tensor } = sent.manner;
  const count = Object.keys(sent.names).length;
  const differences: Difference[] = [];
  if (!isSingle(sent, forms)) {
    const problem = `it has one input, ${name}${shapeText(input)}, and ${count} inputs by name are sent`;
    differences.push({
      problem,
      line: `layout: ${forms.single}${forms.isTyped ? `, and tensor: ${quoted(name)}` : ''}`,
    });
  } else if (forms.isTyped && tensor !== name) {
    differences.push({ problem: `its input is ${name}, and ${tensor} is sent`, line: `tensor: ${quoted(name)}` });
  }
  const width = widthOf(input);
  if (width !== undefined && width !== count) {
    const problem = `its input ${name} has ${width} values a row, and ${count} are sent`;
    differences.push({ problem, line: `send: a list of the ${width} that it has, in its order` });
  }
  return differences;
}

/** The server has an input for each of the names. */
function namedDifferences(inputs: readonly ToldTensor[], sent: Sent, forms: InputForms): Difference[] {
  const names = Object.keys(sent.names);
  const known = inputs.map(({ name }) => name);
  const missing = known.filter((name) => !names.includes(name));
  const unknown = new Set(names.filter((name) => !known.includes(name)));
  const differences: Difference[] = [];
  if (isSingle(sent, forms)) {
    const problem = `it has ${inputs.length} inputs by name, and one for all is sent`;
    differences.push({ problem, line: `layout: ${forms.named}${forms.isTyped ? ', without tensor' : ''}` });
  }
  for (const name of missing) {
    const near = nearestName(name, unknown);
    if (near !== undefined) unknown.delete(near);
    const problem = `it has the input ${name}, ${near === undefined ? 'which is not sent' : `and ${near} is sent`}`;
    const source = near === undefined ? '<what it is>' : quoted(sent.names[near] ?? near);
    differences.push({ problem, line: `send: { ${quoted(name)}: ${source}, … }` });
  }
  for (const name of unknown) {
    differences.push({ problem: `it has no input ${name}, which is sent`, line: `send: without ${quoted(name)}` });
  }
  return differences;
}

/** A partner's file can name one datatype for all. */
function datatypeDifferences(inputs: readonly ToldTensor[], { manner }: Sent, { isTyped }: InputForms): Difference[] {
  const texts = inputs.filter(({ datatype }) => TEXTS.includes(datatype));
  const numbers = inputs.filter(({ datatype }) => !TEXTS.includes(datatype));
  const ofTexts = texts.map(({ name, datatype }) => ({
    problem: `its input ${name} is of texts (${datatype}), and numbers are sent`,
  }));
  const sentType = manner.datatype ?? DEFAULT_DATATYPE;
  const [told, ...others] = new Set(numbers.map(({ datatype }) => datatype));
  if (!isTyped || told === undefined || (others.length === 0 && told === sentType)) return ofTexts;
  if (others.length > 0) {
    const first = [told, ...others].map(
      (one) => `${one} (${numbers.find(({ datatype }) => datatype === one)?.name}${countBeyond(numbers, one)})`,
    );
    return [...ofTexts, { problem: `its inputs have ${first.join(' and ')}, and all are sent as ${sentType}` }];
  }
  const problem = `its input${numbers.length > 1 ? 's have' : ' has'} ${told}, and ${sentType} is sent`;
  const isKnown = DATATYPES.some((known) => known === told);
  return [...ofTexts, isKnown ? { problem, line: `datatype: ${told}` } : { problem }];
}

function countBeyond(tensors: readonly ToldTensor[], one: string): string {
  const { length } = tensors.filter(({ datatype }) => datatype === one);
  return length > 1 ? ` and ${length - 1} more` : '';
}

/** Of a shape such as [1, 8]. */
function rowDifferences(inputs: readonly ToldTensor[], { rows }: Sent): Difference[] {
  const fixed = inputs.find(({ shape }) => shape !== undefined && shape.length > 1 && (shape[0] ?? -1) >= 0);
  const most = fixed?.shape?.[0];
  if (fixed === undefined || most === undefined || (most === 1 && rows === 1)) return [];
  const problem = `its input ${fixed.name}${shapeText(fixed)} is of ${most} row${most === 1 ? '' : 's'}, neither more nor fewer`;
  return [most === 1 ? { problem, line: 'batch: { rows: 1 }' } : { problem }];
}

function outputDifferences(outputs: readonly ToldTensor[], sent: Sent, protocol: ProtocolName): Difference[] {
  const [first = undefined, place] = [sent.manner.take ?? []].flat();
  const chosen = typeof first === 'string' ? first : undefined;
  const names = outputs.map(({ name }) => name);
  const [only, ...others] = outputs;
  if (protocol === 'instances' && others.length === 0 && chosen !== undefined) {
    const line = place === undefined ? 'no take' : `take: ${place}`;
    return [{ problem: `it has one output, whose values stand without a name, and take names ${chosen}`, line }];
  }
  if (chosen !== undefined && !outputs.some(({ name }) => name === chosen)) {
    const near = nearestName(chosen, names);
    const line = takeLine(near === undefined ? outputs : outputs.filter(({ name }) => name === near));
    return [{ problem: `it has no output ${chosen}, which take names`, line }];
  }
  if (chosen === undefined && others.length > 0) {
    return [{ problem: `it has ${outputs.length} outputs`, line: takeLine(outputs) }];
  }
  const output = chosen === undefined ? only : outputs.find(({ name }) => name === chosen);
  const width = output === undefined ? 1 : (widthOf(output) ?? 1);
  const isPlaced = chosen === undefined ? first !== undefined : place !== undefined;
  if (output === undefined || width === 1 || isPlaced) return [];
  const problem = `its output ${output.name} has ${width} values a row`;
  const line = chosen === undefined ? 'take: N' : `take: [${quoted(chosen)}, N]`;
  return [{ problem, line: `${line}, with N from 0 to ${width - 1}` }];
}

/** @example takeLine([{ name: 'score', … }, { name: 'classes', … }]) // take: score, or classes */
function takeLine(outputs: readonly ToldTensor[]): string {
  const places = outputs.map((output) => {
    const isWide = (widthOf(output) ?? 1) > 1;
    return isWide ? `[${quoted(output.name)}, N]` : quoted(output.name);
  });
  return `take: ${places.join(', or ')}`;
}

/** Values a row; undefined where that is not told. */
function widthOf({ shape }: ToldTensor): number | undefined {
  const [rows, ...others] = shape ?? [];
  // One number says how many values there are, without a place for rows.
  if (rows === undefined || (others.length === 0 && rows >= 0)) return undefined;
  return others.some((size) => size < 0) ? undefined : others.reduce((product, size) => product * size, 1);
}

function shapeText({ shape }: ToldTensor): string {
  return shape === undefined ? '' : ` of the shape [${shape.join(', ')}]`;
}

/** A name as YAML has it: where it is no plain word, in quotes. */
function quoted(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:null|true|false|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
