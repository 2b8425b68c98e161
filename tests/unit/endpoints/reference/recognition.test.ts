import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { FEATURES, FIRST, INCOMPLETE, MODELS, SECOND, served } from './served.ts';

const ATS = '/ml/ats/predict';

const { post } = served();

describe('a path that is of no protocol', () => {
  it.each([
    ['an object', FIRST, { prediction: 1350 }],
    ['a list', [FIRST, SECOND], [{ prediction: 1350 }, { prediction: 1000 }]],
    ['instances', { instances: [FIRST, Object.values(SECOND)] }, { predictions: [1350, 1000] }],
    ['dataframe_records', { dataframe_records: [SECOND] }, { predictions: [1000] }],
    [
      'dataframe_split',
      { dataframe_split: { columns: FEATURES, data: [Object.values(FIRST)] } },
      { predictions: [1350] },
    ],
    [
      'a tensor',
      { inputs: [{ name: 'x', shape: [1, 8], datatype: 'FP64', data: Object.values(SECOND) }] },
      {
        model_name: 'ats',
        model_version: '1',
        outputs: [{ name: 'prediction', datatype: 'FP64', shape: [1, 1], data: [1000] }],
      },
    ],
  ])('answers %s in the same protocol', async (_, payload, answer) => {
    const { status, body } = await post(ATS, payload);
    expect({ status, body }).toEqual({ status: 200, body: answer });
  });

  it('answers CSV by CSV', async () => {
    expect(await post('/offer/assign', '400,0.5\n', 'text/csv')).toMatchObject({ type: 'text/csv', body: 'OFFER_2\n' });
  });

  it.each([
    ['an object', INCOMPLETE, { statusCode: 400, error: 'Bad Request' }],
    ['a list', [FIRST, INCOMPLETE], { statusCode: 400, error: 'Bad Request' }],
    ['an empty list', [], { statusCode: 400, message: 'there is no row' }],
    ['instances', { instances: [INCOMPLETE] }, { error: expect.stringContaining('AVG_REVENUE_USD') }],
    ['dataframe_records', { dataframe_records: [INCOMPLETE] }, { error_code: 'BAD_REQUEST' }],
    ['a text', '"text"', { statusCode: 400 }],
  ])('refuses %s in the same protocol', async (_, payload, error) => {
    expect(await post(ATS, payload)).toMatchObject({ status: 400, body: error });
  });

  it('refuses CSV as SageMaker does', async () => {
    expect(await post(ATS, '1,2', 'text/csv')).toMatchObject({ status: 424, errorType: 'ModelError' });
  });
});

it('the models are sent lists in the order of default.yml', () => {
  const { features, offer } = parse(readFileSync('partners/default.yml', 'utf8'));
  expect(MODELS.ats.inputs).toEqual(Object.keys(features));
  expect(MODELS.resp.inputs).toEqual(Object.keys(features));
  expect(MODELS.offer.inputs).toEqual(Object.keys(offer.send));
});
