import { FEATURES, FIRST, SECOND, served } from './served.ts';

const ATS = '/v2/models/ats/infer';
const OFFER = '/v2/models/offer/infer';

const { get, post } = served();

const tensor = (name: string, data: unknown[], changes = {}) => ({
  name,
  shape: [data.length, 1],
  datatype: 'FP64',
  data,
  ...changes,
});

const TENSORS = Object.entries(FIRST).map(([name, value]) => tensor(name, [value, Object(SECOND)[name]]));

const PAIR = [tensor('ats_prediction', [400, 399]), tensor('resp_prediction', [0.5, 0.5])];

describe('the reference services as Open Inference servers answer', () => {
  it('predict for one tensor per feature', async () => {
    const { status, body } = await post(ATS, { id: 'batch 7', inputs: TENSORS });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        model_name: 'ats',
        model_version: '1',
        id: 'batch 7',
        outputs: [{ name: 'prediction', datatype: 'FP64', shape: [2, 1], data: [1350, 1000] }],
      },
    });
  });

  it.each([
    ['flat', [...Object.values(FIRST), ...Object.values(SECOND)]],
    ['nested', [Object.values(FIRST), Object.values(SECOND)]],
  ])('predict for one tensor of all features, %s, row by row', async (_, data) => {
    const inputs = [tensor('input__0', data, { shape: [2, 8] })];
    expect((await post(ATS, { inputs })).body.outputs[0].data).toEqual([1350, 1000]);
  });

  it('find tensors by their names, in any order', async () => {
    const { body } = await post(OFFER, { inputs: PAIR.toReversed() });
    expect(body).toEqual({
      model_name: 'offer',
      model_version: '1',
      outputs: [{ name: 'offer', datatype: 'BYTES', shape: [2, 1], data: ['OFFER_2', 'OFFER_1'] }],
    });
  });

  it('keep of a number what its datatype has room for', async () => {
    // The single-precision number next to 199.99999999 is 200.
    const close = (datatype: string) => [
      tensor('ats_prediction', [199.99999999], { datatype }),
      tensor('resp_prediction', [1]),
    ];
    expect((await post(OFFER, { inputs: close('FP64') })).body.outputs[0].data).toEqual(['OFFER_1']);
    expect((await post(OFFER, { inputs: close('FP32') })).body.outputs[0].data).toEqual(['OFFER_2']);
  });

  it.each(['INT64', 'INT32'])('read whole numbers as %s', async (datatype) => {
    const inputs = [tensor('ats_prediction', [200], { datatype }), tensor('resp_prediction', [1], { datatype })];
    expect((await post(OFFER, { inputs })).body.outputs[0].data).toEqual(['OFFER_2']);
  });

  const [ats, resp] = PAIR;
  it.each([
    [
      'less data than its shape has',
      [{ ...ats, shape: [3, 1] }, resp],
      'ats_prediction has 2 values, and its shape [3, 1] is of 3',
    ],
    ['a matrix beside a tensor', [{ ...ats, shape: [1, 2] }, resp], 'a matrix of all inputs must be the only tensor'],
    [
      'another width',
      [{ ...ats, shape: [1, 3], data: [1, 2, 3] }, resp],
      'ats_prediction must have the shape [rows, 1]',
    ],
    ['a shape of three dimensions', [{ ...ats, shape: [2, 1, 1] }, resp], 'a shape such as [rows, 1]'],
    ['other numbers of rows', [ats, tensor('resp_prediction', [1])], 'different numbers of rows: 2, 1'],
    ['another datatype', [{ ...ats, datatype: 'BYTES' }, resp], 'has the datatype BYTES'],
    ['half a whole number', [ats, { ...resp, datatype: 'INT64' }], 'resp_prediction has a value that is no INT64'],
    [
      'a number beyond its type',
      [tensor('ats_prediction', [2 ** 31], { datatype: 'INT32' }), tensor('resp_prediction', [1])],
      'no INT32',
    ],
    ['a number in quotes', [tensor('ats_prediction', ['400', 1]), resp], 'ats_prediction has a value that is no FP64'],
    ['a null', [tensor('ats_prediction', [null, 1]), resp], 'ats_prediction has a value that is no FP64'],
    ['a missing input', [ats], 'there is no input resp_prediction'],
    ['an input twice', [ats, ats, resp], 'ats_prediction is there twice'],
    ['no inputs', [], 'inputs'],
    ['no rows', [tensor('ats_prediction', []), tensor('resp_prediction', [])], 'there is no row'],
  ])('refuse %s', async (_, inputs, message) => {
    const { status, body } = await post(OFFER, { inputs });
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringContaining(message) } });
  });

  it('refuse to give an output that they do not have', async () => {
    const named = (name: string) => post(OFFER, { inputs: PAIR, outputs: [{ name }] });
    expect(await named('offer')).toMatchObject({ status: 200 });
    expect(await named('coupon')).toMatchObject({ status: 400, body: { error: 'offer has no output coupon' } });
  });

  it('tell what a model is sent and gives', async () => {
    expect(await get('/v2/models/ats')).toEqual({
      name: 'ats',
      versions: ['1'],
      platform: 'member-offers_reference',
      inputs: FEATURES.map((name) => ({ name, datatype: 'FP64', shape: [-1, 1] })),
      outputs: [{ name: 'prediction', datatype: 'FP64', shape: [-1, 1] }],
    });
    expect((await get('/v2/models/offer')).outputs).toEqual([{ name: 'offer', datatype: 'BYTES', shape: [-1, 1] }]);
    expect(await get('/v2/models/none')).toEqual({ error: 'there is no GET /v2/models/none' });
  });

  it('tell that they live and are ready', async () => {
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    expect(await get('/v2/models/resp/ready')).toEqual({ name: 'resp', ready: true });
  });
});
