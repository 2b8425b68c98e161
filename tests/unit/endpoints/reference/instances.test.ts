import { FIRST, INCOMPLETE, SECOND, served } from './served.ts';

const ATS = '/v1/models/ats:predict';

const { get, post } = served();

describe('the reference services as TensorFlow Serving answers', () => {
  it('predict for rows that are objects, in their order', async () => {
    expect(await post(ATS, { instances: [SECOND, FIRST] })).toMatchObject({
      status: 200,
      body: { predictions: [1000, 1350] },
    });
  });

  it('predict for rows that are lists in the order of default.yml', async () => {
    const instances = [Object.values(FIRST), [1000, 10, 1000, 10, 1, 0, 0, 0]];
    expect((await post(ATS, { instances })).body).toEqual({ predictions: [1350, 1000] });
    const probabilities = { predictions: [expect.closeTo(0.25, 12), 0.9] };
    expect((await post('/v1/models/resp:predict', { instances })).body).toEqual(probabilities);
  });

  it('choose offers, by lists in the order of the predictions', async () => {
    const instances = [
      [1000, 0.9],
      [100, 0.5],
    ];
    expect((await post('/v1/models/offer:predict', { instances })).body).toEqual({
      predictions: ['OFFER_2', 'OFFER_1'],
    });
  });

  it('have a signature named beside the rows', async () => {
    expect(await post(ATS, { signature_name: 'serving_default', instances: [FIRST] })).toMatchObject({ status: 200 });
  });

  it.each([
    ['a row that lacks a feature', { instances: [FIRST, INCOMPLETE] }, 'AVG_REVENUE_USD'],
    ['a list that is too short', { instances: [[1, 2]] }, 'a row has 2 values, and there are 8 inputs: AVG_POINTS'],
    ['a number in quotes', { instances: [{ ...FIRST, AVG_REVENUE_USD: '1' }] }, 'AVG_REVENUE_USD'],
    ['a null', { instances: [{ ...FIRST, AVG_REVENUE_USD: null }] }, 'AVG_REVENUE_USD'],
    ['no rows', { instances: [] }, 'there is no row'],
    ['rows that are no list', { instances: FIRST }, 'expected array'],
    ['another key', { rows: [FIRST] }, 'the request has no "instances"'],
    ['both keys', { instances: [FIRST], inputs: {} }, 'not both'],
    ['a bare list', [FIRST], 'expected record'],
    ['NaN, which is no JSON', '{"instances": [[NaN]]}', 'JSON'],
  ])('refuse %s with all other rows', async (_, payload, message) => {
    const { status, body } = await post(ATS, payload);
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringContaining(message) } });
  });

  it('refuse other types of content', async () => {
    for (const type of ['text/plain', 'text/csv', 'application/x-protobuf']) {
      expect(await post(ATS, '{}', type)).toMatchObject({ status: 415, body: { error: expect.any(String) } });
    }
  });

  it('know no other model', async () => {
    const { status, body } = await post('/v1/models/none:predict', { instances: [FIRST] });
    expect({ status, body }).toEqual({ status: 404, body: { error: 'there is no POST /v1/models/none:predict' } });
  });

  it('tell the state of a model, and what it is sent and gives', async () => {
    expect(await get('/v1/models/ats')).toEqual({
      model_version_status: [{ version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } }],
    });
    const { signature_def } = (await get('/v1/models/offer/metadata')).metadata.signature_def;
    const number = { dtype: 'DT_DOUBLE', tensor_shape: { dim: [{ size: '-1', name: '' }], unknown_rank: false } };
    expect(signature_def.serving_default).toMatchObject({
      inputs: { ats_prediction: number, resp_prediction: number },
      outputs: { offer: { ...number, dtype: 'DT_STRING' } },
    });
  });
});
