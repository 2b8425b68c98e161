import type { Manner } from '../../../../lib/protocols/protocols.ts';
import type { ToldTensor } from '../../../../lib/protocols/self-description.ts';
import { type Difference, differencesFrom } from '../../../../scripts/partner/differences.ts';

const NAMES = { SPEND: 'SPEND', VISITS: 'VISITS', recency: 'DAYS' };

const tensor = (name: string, datatype = 'FP64', shape: number[] | undefined = [-1, 1]): ToldTensor => ({
  name,
  datatype,
  shape,
});
const INPUTS = Object.keys(NAMES).map((name) => tensor(name));
const OUTPUT = tensor('prediction');

interface Told {
  inputs?: ToldTensor[];
  outputs?: ToldTensor[];
}

function differences({ inputs = INPUTS, outputs = [OUTPUT] }: Told, manner: Manner = {}, rows = 200): Difference[] {
  const sent = { names: NAMES, manner: { protocol: 'open-inference' as const, ...manner }, rows };
  return differencesFrom({ says: [], inputs, outputs }, sent);
}

const lines = (...args: Parameters<typeof differences>) => differences(...args).map(({ line }) => line);

describe('what a server of tensors tells', () => {
  it('differs in nothing where it is what the file says', () => {
    expect(differences({})).toEqual([]);
    expect(differences({ inputs: INPUTS.toReversed() })).toEqual([]);
    expect(differences({ inputs: [], outputs: [] })).toEqual([]);
    const matrix = { layout: 'matrix', tensor: 'input__0', datatype: 'FP32' };
    expect(differences({ inputs: [tensor('input__0', 'FP32', [-1, 3])] }, matrix)).toEqual([]);
    expect(differences({ inputs: [tensor('input__0', 'FP32', [-1, -1])] }, matrix)).toEqual([]);
  });

  it('differs by inputs that it has and is not sent, and the other way round', () => {
    expect(differences({ inputs: [tensor('SPEND'), tensor('AGE'), tensor('recency')] })).toEqual([
      { problem: 'it has the input AGE, which is not sent', line: 'send: { AGE: <what it is>, … }' },
      { problem: 'it has no input VISITS, which is sent', line: 'send: without VISITS' },
    ]);
  });

  it('differs by names that are near each other, once', () => {
    expect(differences({ inputs: [tensor('spend'), tensor('VISITS'), tensor('Recency 1')] })).toEqual([
      { problem: 'it has the input spend, and SPEND is sent', line: 'send: { spend: SPEND, … }' },
      { problem: 'it has the input Recency 1, and recency is sent', line: 'send: { "Recency 1": DAYS, … }' },
    ]);
  });

  it('differs by the datatype', () => {
    const inputs = INPUTS.map(({ name }) => tensor(name, 'FP32'));
    expect(differences({ inputs })).toEqual([
      { problem: 'its inputs have FP32, and FP64 is sent', line: 'datatype: FP32' },
    ]);
    expect(differences({ inputs }, { datatype: 'FP32' })).toEqual([]);
    expect(lines({}, { datatype: 'INT64' })).toEqual(['datatype: FP64']);
  });

  it('differs by datatypes that no file can say', () => {
    const half = INPUTS.map(({ name }) => tensor(name, 'FP16'));
    expect(differences({ inputs: half })).toEqual([{ problem: 'its inputs have FP16, and FP64 is sent' }]);
    const mixed = [tensor('SPEND', 'FP32'), tensor('VISITS', 'INT64'), tensor('recency', 'INT64')];
    expect(differences({ inputs: mixed })).toEqual([
      { problem: 'its inputs have FP32 (SPEND) and INT64 (VISITS and 1 more), and all are sent as FP64' },
    ]);
    expect(differences({ inputs: [tensor('SPEND'), tensor('VISITS', 'BYTES'), tensor('recency')] })).toEqual([
      { problem: 'its input VISITS is of texts (BYTES), and numbers are sent' },
    ]);
  });

  it('differs by one matrix in place of tensors', () => {
    const inputs = [tensor('input__0', 'FP32', [-1, 3])];
    expect(differences({ inputs })).toEqual([
      {
        problem: 'it has one input, input__0 of the shape [-1, 3], and 3 inputs by name are sent',
        line: 'layout: matrix, and tensor: input__0',
      },
      { problem: 'its input has FP32, and FP64 is sent', line: 'datatype: FP32' },
    ]);
    expect(lines({ inputs }, { layout: 'matrix', tensor: 'x', datatype: 'FP32' })).toEqual(['tensor: input__0']);
  });

  it('differs by tensors in place of one matrix', () => {
    expect(lines({}, { layout: 'matrix', tensor: 'input__0' })).toEqual(['layout: tensors, without tensor']);
  });

  it('differs by how many values a row has', () => {
    const inputs = [tensor('x', 'FP64', [-1, 4])];
    expect(differences({ inputs }, { layout: 'matrix', tensor: 'x' })).toEqual([
      {
        problem: 'its input x has 4 values a row, and 3 are sent',
        line: 'send: a list of the 4 that it has, in its order',
      },
    ]);
  });

  it('differs by a number of rows that is fixed', () => {
    const one = INPUTS.map(({ name }) => tensor(name, 'FP64', [1, 1]));
    expect(differences({ inputs: one })).toEqual([
      {
        problem: 'its input SPEND of the shape [1, 1] is of 1 row, neither more nor fewer',
        line: 'batch: { rows: 1 }',
      },
    ]);
    expect(differences({ inputs: one }, {}, 1)).toEqual([]);
    expect(lines({ inputs: INPUTS.map(({ name }) => tensor(name, 'FP64', [4, 1])) })).toEqual([undefined]);
  });

  it('differs by several outputs, of which take has to name one', () => {
    const outputs = [tensor('label', 'INT64'), tensor('scores', 'FP32', [-1, 2])];
    expect(lines({ outputs })).toEqual(['take: label, or [scores, N]']);
    expect(lines({ outputs }, { take: 1 })).toEqual(['take: label, or [scores, N]']);
    expect(lines({ outputs }, { take: 'label' })).toEqual([]);
    expect(lines({ outputs }, { take: 'score' })).toEqual(['take: [scores, N]']);
    expect(differences({ outputs }, { take: 'scores' })).toEqual([
      { problem: 'its output scores has 2 values a row', line: 'take: [scores, N], with N from 0 to 1' },
    ]);
    expect(lines({ outputs }, { take: ['scores', 1] })).toEqual([]);
  });

  it('differs by several values of its only output', () => {
    const outputs = [tensor('scores', 'FP32', [-1, 2])];
    expect(lines({ outputs })).toEqual(['take: N, with N from 0 to 1']);
    expect(lines({ outputs }, { take: 1 })).toEqual([]);
  });
});

describe('what a server of instances tells', () => {
  const instances = { protocol: 'instances' as const };
  const inputs = INPUTS.map(({ name }) => tensor(name, 'DT_FLOAT', [-1]));

  it('differs in nothing by how precise its numbers are', () => {
    expect(differences({ inputs }, instances)).toEqual([]);
    expect(differences({ inputs: [tensor('dense', 'DT_FLOAT', [-1, 3])] }, { ...instances, layout: 'lists' })).toEqual(
      [],
    );
  });

  it('differs by one input in place of several, and the other way round', () => {
    expect(lines({ inputs: [tensor('dense', 'DT_FLOAT', [-1, 3])] }, instances)).toEqual(['layout: lists']);
    expect(lines({ inputs }, { ...instances, layout: 'lists' })).toEqual(['layout: objects']);
  });

  it('differs by names that are taken of an only output, whose values have none', () => {
    expect(lines({ inputs }, { ...instances, take: 'prediction' })).toEqual(['no take']);
    expect(lines({ inputs }, { ...instances, take: ['prediction', 1] })).toEqual(['take: 1']);
    const outputs = [tensor('label'), tensor('score')];
    expect(lines({ inputs, outputs }, instances)).toEqual(['take: label, or score']);
  });
});

it('protocols without descriptions differ in nothing', () => {
  expect(differences({ inputs: [tensor('AGE')] }, { protocol: 'mlflow' })).toEqual([]);
});
