import { FEATURES, FIRST, INCOMPLETE, SECOND, served } from './served.ts';

const ATS = '/mlflow/ats/invocations';

const { getText, post } = served();

const split = (...rows: object[]) => ({ columns: FEATURES, data: rows.map(Object.values) });

describe('the reference services as MLflow answers', () => {
  it.each([
    ['dataframe_split', split(FIRST, SECOND)],
    ['dataframe_split', { ...split(FIRST, SECOND), index: [7, 8] }],
    ['dataframe_records', [FIRST, SECOND]],
    ['instances', [Object.values(FIRST), SECOND]],
    ['inputs', Object.fromEntries(Object.entries(FIRST).map(([name, value]) => [name, [value, Object(SECOND)[name]]]))],
    ['inputs', [Object.values(FIRST), Object.values(SECOND)]],
  ])('predict for rows under %s', async (key, rows) => {
    expect(await post(ATS, { [key]: rows })).toMatchObject({ status: 200, body: { predictions: [1350, 1000] } });
  });

  it('find columns by their names, in any order and among others', async () => {
    const columns = ['resp_prediction', 'MEMBER', 'ats_prediction'];
    const body = { dataframe_split: { columns, data: [[0.5, 1, 400]] }, params: { threshold: 1 } };
    expect((await post('/mlflow/offer/invocations', body)).body).toEqual({ predictions: ['OFFER_2'] });
  });

  it('read CSV below a header', async () => {
    const csv = 'resp_prediction,ats_prediction\n0.5,400\n5e-1,399\n';
    expect((await post('/mlflow/offer/invocations', csv, 'text/csv')).body).toEqual({
      predictions: ['OFFER_2', 'OFFER_1'],
    });
  });

  it.each([
    ['none of its keys', { rows: [] }, 'exactly one of dataframe_split, dataframe_records, instances, inputs'],
    ['two of its keys', { dataframe_records: [FIRST], instances: [FIRST] }, 'exactly one of'],
    ['a row that lacks a feature', { dataframe_records: [FIRST, INCOMPLETE] }, 'AVG_REVENUE_USD'],
    ['a row that is too short', { dataframe_split: { columns: FEATURES, data: [[1]] } }, 'a row has 1 values'],
    ['a column twice', { dataframe_split: { columns: ['A', 'A'], data: [[1, 2]] } }, 'a name twice'],
    ['columns without data', { dataframe_split: { columns: FEATURES } }, 'data'],
    ['columns of other lengths', { inputs: { A: [1, 2], B: [1] } }, 'different numbers of rows: 2, 1'],
    ['no rows', { dataframe_records: [] }, 'there is no row'],
    ['NaN, which is no JSON', '{"instances": [[NaN]]}', 'JSON'],
  ])('refuse %s', async (_, payload, message) => {
    const { status, body } = await post(ATS, payload);
    const error = { error_code: 'BAD_REQUEST', message: expect.stringContaining(message) };
    expect({ status, body }).toEqual({ status: 400, body: error });
  });

  it('refuse other types of content', async () => {
    for (const type of ['text/plain', 'application/jsonlines', 'application/octet-stream']) {
      const { status, body } = await post(ATS, '[]', type);
      expect({ status, body }).toEqual({
        status: 415,
        body: { error_code: 'BAD_REQUEST', message: expect.any(String) },
      });
    }
  });

  it('take a type for what it is with parameters', async () => {
    const body = { dataframe_records: [FIRST] };
    expect(await post(ATS, body, 'Application/JSON; charset=utf-8')).toMatchObject({ status: 200 });
  });

  it('tell that they are ready, and a version', async () => {
    for (const path of ['ping', 'health']) expect(await getText(`/mlflow/resp/${path}`)).toBe('\n');
    expect(await getText('/mlflow/resp/version')).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
