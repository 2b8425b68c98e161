import { FIRST, INCOMPLETE, SECOND, served } from './served.ts';

const ATS = '/endpoints/ats/invocations';
const OFFER = '/endpoints/offer/invocations';

const { post } = served();

const CSV = '2000,1,3000,1,0.5,0.25,0.25,13\n1000,10,1e3,10.0,1,0,0,0\n';

describe('the reference services as SageMaker answers', () => {
  it('predict for rows of CSV in the order of default.yml, a line for each', async () => {
    expect(await post(ATS, CSV, 'text/csv')).toMatchObject({ status: 200, type: 'text/csv', body: '1350\n1000\n' });
    expect((await post(OFFER, '400,0.5\r\n399,0.5', 'text/csv; charset=utf-8')).body).toBe('OFFER_2\nOFFER_1\n');
  });

  it('answer in the type that is asked for', async () => {
    expect((await post(ATS, CSV, 'text/csv', 'application/json')).body).toEqual({ predictions: [1350, 1000] });
    expect((await post(ATS, { instances: [FIRST] }, 'application/json', 'text/csv')).body).toBe('1350\n');
  });

  it('predict for instances', async () => {
    const instances = [SECOND, Object.values(FIRST)];
    expect((await post(ATS, { instances })).body).toEqual({ predictions: [1000, 1350] });
  });

  it('predict for JSON Lines, a line for each', async () => {
    const lines = `${JSON.stringify(FIRST)}\n${JSON.stringify(Object.values(SECOND))}\n`;
    expect(await post(ATS, lines, 'application/jsonlines')).toMatchObject({
      type: expect.stringMatching(/^application\/jsonlines/),
      body: '1350\n1000\n',
    });
    expect((await post(OFFER, '[400, 0.5]', 'application/jsonlines')).body).toBe('"OFFER_2"\n');
  });

  it.each([
    ['a header', 'ats,resp\n400,0.5', 'text/csv', 'a cell is no number: "ats"'],
    ['an empty cell', '400,', 'text/csv', 'a cell is no number: ""'],
    ['NaN in a cell', '400,nan', 'text/csv', 'a cell is no number: "nan"'],
    ['a row that is too long', '400,0.5,1', 'text/csv', 'a row has 3 values, and there are 2 inputs'],
    ['a quote that does not end', '"400,0.5', 'text/csv', 'no CSV'],
    ['nothing', '', 'text/csv', 'there is no row'],
    ['a row that lacks an input', { instances: [INCOMPLETE] }, 'application/json', 'ats_prediction'],
    ['a line that is no JSON', '[400, 0.5]\n{', 'application/jsonlines', 'a line is no JSON'],
  ])('hand on how the container has refused %s', async (_, payload, type, message) => {
    const { status, errorType, body } = await post(OFFER, payload, type);
    expect({ status, errorType }).toEqual({ status: 424, errorType: 'ModelError' });
    const { OriginalStatusCode, OriginalMessage, Message } = typeof body === 'string' ? JSON.parse(body) : body;
    expect(OriginalStatusCode).toBe(400);
    expect(OriginalMessage).toContain(message);
    expect(Message).toBe(`Received client error (400) from primary with message "${OriginalMessage}".`);
  });

  it('hand on that the container reads no such type', async () => {
    const { status, body } = await post(ATS, 'a', 'text/plain');
    expect({ status, code: body.OriginalStatusCode }).toEqual({ status: 424, code: 415 });
  });

  it('refuse an endpoint that is not there themselves', async () => {
    const { status, errorType, body } = await post('/endpoints/none/invocations', CSV, 'text/csv');
    expect({ status, errorType, body }).toEqual({
      status: 400,
      errorType: 'ValidationError',
      body: { Message: 'Endpoint not found: there is no POST /endpoints/none/invocations' },
    });
  });
});
