import { gunzipSync } from 'node:zlib';
import { referenceEndpoints } from '../../../../lib/endpoints/reference-services.ts';
import { injectFaults } from '../../../../local/faults/faults.ts';
import { parseFaults } from '../../../../local/faults/spec.ts';

const options = { plan: parseFaults(''), seed: 1, retryAfterSeconds: 7 };

const app = referenceEndpoints();
const counts = injectFaults(app, options);
afterAll(() => app.close());
beforeEach(() => counts.clear());

/** What the offer service answers while it misbehaves. @param payload JSON, or CSV */
async function ask(faults: string, url: string, payload: object | string) {
  options.plan = parseFaults(faults);
  const headers = { 'content-type': typeof payload === 'string' ? 'text/csv' : 'application/json' };
  const response = await app.inject({ method: 'POST', url, headers, payload });
  return { status: response.statusCode, headers: response.headers, text: response.payload, raw: response.rawPayload };
}

const ATS = [400, 399, 398, 1000];
const AS_OBJECTS = ATS.map((ats_prediction) => ({ ats_prediction, resp_prediction: 0.5 }));
const AS_LISTS = ATS.map((ats) => [ats, 0.5]);
const AS_TENSORS = {
  inputs: [
    { name: 'ats_prediction', shape: [4, 1], datatype: 'FP64', data: ATS },
    { name: 'resp_prediction', shape: [4, 1], datatype: 'FP64', data: [0.5, 0.5, 0.5, 0.5] },
  ],
};
const AS_MATRIX = { inputs: [{ name: 'input__0', shape: [4, 2], datatype: 'FP64', data: AS_LISTS.flat() }] };
const AS_CSV = AS_LISTS.join('\n');

/** The same four rows in each protocol and layout. The first and the last are worth OFFER_2. */
const REQUESTS: [string, string, object | string][] = [
  ['list', '/offer/assign', AS_OBJECTS],
  ['instances', '/v1/models/offer:predict', { instances: AS_OBJECTS }],
  ['instances in lists', '/v1/models/offer:predict', { instances: AS_LISTS }],
  ['dataframe_records', '/mlflow/offer/invocations', { dataframe_records: AS_OBJECTS }],
  [
    'dataframe_split',
    '/mlflow/offer/invocations',
    { dataframe_split: { columns: ['ats_prediction', 'resp_prediction'], data: AS_LISTS } },
  ],
  ['tensors', '/v2/models/offer/infer', AS_TENSORS],
  ['a matrix', '/v2/models/offer/infer', AS_MATRIX],
  ['CSV', '/endpoints/offer/invocations', AS_CSV],
  ['instances to SageMaker', '/endpoints/offer/invocations', { instances: AS_OBJECTS }],
  ['instances to a path of no protocol', '/offer/assign', { instances: AS_OBJECTS }],
];

const INSTANCES = '/v1/models/offer:predict';
const instances = (...ats: number[]) => ({ instances: ats.map((one) => [one, 0.5]) });

describe.each(REQUESTS)('a request with several rows, as %s', (_, url, payload) => {
  it('is refused whole for one row that cannot be scored', async () => {
    expect((await ask('offer.500:ats_prediction=398', url, payload)).status).not.toBe(200);
    expect((await ask('offer.500:ats_prediction=397', url, payload)).status).toBe(200);
    expect(Object.fromEntries(counts)).toEqual({ 'offer.500': 1, 'offer.ok': 1 });
  });

  it('gets a bare NaN for that row alone', async () => {
    const right = (await ask('', url, payload)).text;
    const { status, text } = await ask('offer.nan:ats_prediction>999', url, payload);
    expect(status).toBe(200);
    // The last of the four is the one that is worth more than 999.
    expect(text).toBe(right.replace(/"?OFFER_2"?(?!.*OFFER_2)/s, right.startsWith('OFFER') ? 'nan' : 'NaN'));
  });

  it('gets one value less than it has rows', async () => {
    const { text } = await ask('count:100%', url, payload);
    expect(text.match(/OFFER_./g)).toEqual(['OFFER_2', 'OFFER_1', 'OFFER_1']);
  });

  it('is too large with more rows or bytes than may be', async () => {
    const bytes = Buffer.byteLength(typeof payload === 'string' ? payload : JSON.stringify(payload));
    const isRefused = async (faults: string) => (await ask(faults, url, payload)).status !== 200;
    expect(await isRefused('413:rows>4')).toBe(false);
    expect(await isRefused('413:rows>3')).toBe(true);
    expect(await isRefused(`413:bytes>${bytes}`)).toBe(false);
    expect(await isRefused(`413:bytes>${bytes - 1}`)).toBe(true);
  });
});

describe('what is wrong with single values', () => {
  it.each([
    ['nan', '{"predictions":["OFFER_2",NaN]}'],
    ['infinity', '{"predictions":["OFFER_2",Infinity]}'],
    ['null', '{"predictions":["OFFER_2",null]}'],
    ['string', '{"predictions":["OFFER_2",12]}'],
  ])('is %s where a row has a certain value', async (fault, answer) => {
    expect((await ask(`offer.${fault}:ats_prediction<400`, INSTANCES, instances(400, 399))).text).toBe(answer);
  });

  it('is in CSV what CSV has for it', async () => {
    const csv = (fault: string) => ask(`${fault}:ats_prediction=399`, '/endpoints/offer/invocations', '400,1\n399,1');
    expect((await csv('infinity')).text).toBe('OFFER_2\ninf\n');
    expect((await csv('null')).text).toBe('OFFER_2\n\n');
  });

  it('is in one row for a share of the requests, and in all of the wrong type', async () => {
    const rows = instances(...Array(50).fill(400));
    expect((await ask('nan:100%', INSTANCES, rows)).text.match(/NaN/g)).toHaveLength(1);
    expect((await ask('types:100%', INSTANCES, rows)).text.match(/12/g)).toHaveLength(50);
  });

  it('leaves a list with a value less in the shape that it then has', async () => {
    const { text } = await ask('count:100%', '/v2/models/offer/infer', AS_TENSORS);
    expect(JSON.parse(text).outputs).toEqual([
      { name: 'offer', datatype: 'BYTES', shape: [3, 1], data: ['OFFER_2', 'OFFER_1', 'OFFER_1'] },
    ]);
  });

  it('may be of several kinds in one answer', async () => {
    const faults = 'nan:ats_prediction=1,null:ats_prediction=2,gzip:100%';
    const { raw, headers } = await ask(faults, INSTANCES, instances(1, 2, 400));
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(raw).toString()).toBe('{"predictions":[NaN,null,"OFFER_2"]}');
    expect(Object.fromEntries(counts)).toEqual({ 'offer.nan': 1, 'offer.null': 1, 'offer.gzip': 1 });
  });

  it('does not matter where the whole request is refused', async () => {
    const faults = 'nan:ats_prediction=1,422:ats_prediction=2';
    expect((await ask(faults, INSTANCES, instances(1, 2))).status).toBe(422);
    expect(Object.fromEntries(counts)).toEqual({ 'offer.422': 1 });
  });

  it('is not put into an answer that is an error anyway', async () => {
    const { status, text } = await ask('nan:100%', INSTANCES, { instances: [[1]] });
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining('a row has 1 values') });
  });
});

describe('a share of the inputs', () => {
  const HALF = 'offer.500:50%-of-inputs';

  it('is of the rows: the same ones are refused alone, and whatever they are sent with', async () => {
    const bad: number[] = [];
    for (let ats = 0; ats < 40; ats += 1)
      if ((await ask(HALF, INSTANCES, instances(ats))).status === 500) bad.push(ats);
    expect(bad.length).toBeGreaterThan(10);
    expect(bad.length).toBeLessThan(30);
    const good = Array.from({ length: 40 }, (_, ats) => ats).filter((ats) => !bad.includes(ats));
    expect((await ask(HALF, INSTANCES, instances(...good))).status).toBe(200);
    for (const one of bad) expect((await ask(HALF, INSTANCES, instances(...good, one))).status).toBe(500);
  });

  it('is of the same rows in every protocol', async () => {
    for (let ats = 0; ats < 20; ats += 1) {
      const row = { ats_prediction: ats, resp_prediction: 0.5 };
      const { status } = await ask(HALF, '/offer/assign', row);
      expect((await ask(HALF, INSTANCES, { instances: [row] })).status).toBe(status);
      const tensors = Object.entries(row).map(([name, value]) => ({
        name,
        shape: [1, 1],
        datatype: 'FP64',
        data: [value],
      }));
      expect((await ask(HALF, '/v2/models/offer/infer', { inputs: tensors })).status).toBe(status);
      expect((await ask(HALF, '/endpoints/offer/invocations', `${ats},0.5`)).status).toBe(status === 500 ? 424 : 200);
    }
  });
});

describe('an error that is injected', () => {
  it.each([
    ['/offer/assign', AS_OBJECTS[0] ?? '', 422, 'a feature is out of range'],
    [INSTANCES, instances(1), 422, '{"error":"a feature is out of range"}'],
    [
      '/mlflow/offer/invocations',
      { dataframe_records: AS_OBJECTS },
      422,
      '{"error_code":"INVALID_PARAMETER_VALUE","message":"a feature is out of range"}',
    ],
    ['/v2/models/offer/infer', AS_MATRIX, 422, '{"error":"a feature is out of range"}'],
    ['/offer/assign', { inputs: AS_MATRIX.inputs }, 422, '{"error":"a feature is out of range"}'],
  ])('is in the form of the protocol: %s', async (url, payload, status, text) => {
    expect(await ask('422:100%', url, payload)).toMatchObject({ status, text });
  });

  it('says when to come again', async () => {
    const { status, headers, text } = await ask('429:100%', INSTANCES, instances(1));
    expect({ status, text, after: headers['retry-after'] }).toEqual({
      status: 429,
      text: '{"error":"not now"}',
      after: '7',
    });
  });

  it.each([
    ['500', 424, 'ModelError', 500],
    ['422', 424, 'ModelError', 422],
    ['424', 424, 'ModelError', 400],
    ['503', 424, 'ModelError', 503],
    ['429', 400, 'ThrottlingException', undefined],
    ['404', 400, 'ValidationError', undefined],
    ['401', 403, 'UnrecognizedClientException', undefined],
  ])('%s is what SageMaker makes of it', async (fault, status, type, original) => {
    const answer = await ask(`${fault}:100%`, '/endpoints/offer/invocations', AS_CSV);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-amzn-errortype']).toBe(type);
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(JSON.parse(answer.text).OriginalStatusCode).toBe(original);
  });
});

describe('a right answer that is sent in another way', () => {
  const RIGHT = '{"predictions":["OFFER_2"]}';

  it('is compressed', async () => {
    const { raw, headers } = await ask('gzip:100%', INSTANCES, instances(400));
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(raw.length) });
    expect(gunzipSync(raw).toString()).toBe(RIGHT);
  });

  it('comes in chunks', async () => {
    const { text, headers } = await ask('chunked:100%', INSTANCES, instances(400));
    expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(headers['content-length']).toBeUndefined();
    expect(text).toBe(RIGHT);
  });

  it('begins with a byte-order mark', async () => {
    expect((await ask('bom:100%', INSTANCES, instances(400))).raw.toString()).toBe(`\uFEFF${RIGHT}`);
  });
});
