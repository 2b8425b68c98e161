import { CredentialsError, parseHeaders } from '../../../lib/endpoints/headers.ts';
import { CALLS, callsInWords, mapCalls } from '../../default-calls.ts';

function problemOf(text: string): string {
  try {
    parseHeaders(text, CALLS);
  } catch (error) {
    if (error instanceof CredentialsError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the headers of the endpoints', () => {
  it('are read by endpoint, and none are those of an endpoint that is missing', () => {
    const text = '{"ats": {"x-api-key": "k 1"}, "offer": {"authorization": "Bearer t=="}}';
    expect(parseHeaders(text, CALLS)).toEqual({
      ...mapCalls(() => ({})),
      ats: { 'x-api-key': 'k 1' },
      offer: { authorization: 'Bearer t==' },
    });
    expect(parseHeaders('{}', CALLS)).toEqual(mapCalls(() => ({})));
  });

  it('may be kept by partner and call, beside those that are kept by id', () => {
    const ids = [...CALLS, 'acme/ats', 'acme/spend', 'club/spend'];
    const partners = {
      acme: { spend: { 'x-api-key': 'acme-spend' }, ats: { 'x-api-key': 'acme-ats' } },
      default: { resp: { 'x-api-key': 'resp' } },
    };
    const text = JSON.stringify({ ats: { 'x-api-key': 'ats' }, 'club/spend': { 'x-api-key': 'club' }, partners });
    expect(parseHeaders(text, ids)).toEqual({
      ats: { 'x-api-key': 'ats' },
      resp: { 'x-api-key': 'resp' },
      offer: {},
      'acme/ats': { 'x-api-key': 'acme-ats' },
      'acme/spend': { 'x-api-key': 'acme-spend' },
      'club/spend': { 'x-api-key': 'club' },
    });
  });

  it.each([
    ['a partner that there is not', { club: { spend: { 'x-api-key': 'hunter2-hunter2' } } }],
    ['a call that there is not', { acme: { 'hunter2-hunter2': { 'x-api-key': 'k' } } }],
    ['an endpoint of another partner', { default: { 'acme/spend': { 'x-api-key': 'hunter2-hunter2' } } }],
    ['a partner as a whole', { acme: { 'x-api-key': 'hunter2-hunter2' } }],
    ['no partner', 'hunter2-hunter2'],
    ['a partner that is no group', { acme: 'hunter2-hunter2' }],
  ])('are refused when they are kept for %s, and that is not quoted', (_, partners) => {
    const parse = () => parseHeaders(JSON.stringify({ partners }), ['ats', 'acme/spend']);
    expect(parse).toThrow(
      'what it holds is not headers for ats and acme/spend. Expected is {"ats": {"x-api-key": "…"}',
    );
    expect(parse).not.toThrow(/hunter2/);
  });

  it('are refused when they are kept for an endpoint in both ways, or cannot be sent', () => {
    const parse = (value: object) => () => parseHeaders(JSON.stringify(value), ['ats', 'acme/spend']);
    const headers = { 'x-api-key': 'k' };
    expect(parse({ 'acme/spend': headers, partners: { acme: { spend: headers } } })).toThrow(
      /^it holds headers for acme\/spend twice\. /,
    );
    expect(parse({ ats: headers, partners: { default: { ats: {} } } })).toThrow(/^it holds headers for ats twice\. /);
    expect(parse({ partners: { acme: { spend: { Host: 'x' } } } })).toThrow(
      /^what it holds for acme\/spend is not headers that can be sent\. /,
    );
  });

  it('may have names that begin like those of HTTP, and values of one character', () => {
    const ats = { 'host-key': 'k', hostname: 'a', tenant: 'b', 'expect-version': '7', 'te-st': '!' };
    expect(parseHeaders(JSON.stringify({ ats }), CALLS).ats).toEqual(ats);
  });

  it.each([
    ['host', 'elsewhere.example'],
    ['content-length', '0'],
    ['content-type', 'text/plain'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close'],
    ['te', 'trailers'],
    ['X-Api-Key', 'in capitals'],
    ['x api key', 'spaces'],
    ['', 'no name'],
    ['x-api-key', 'a\r\nhost: elsewhere.example'],
    ['x-api-key', ' leading'],
    ['x-api-key', 'trailing '],
    ['x-api-key', 'schlüssel'],
    ['x-api-key', ''],
    ['x-api-key', 7],
    ['x-api-key', ['a', 'b']],
  ])('are refused when one cannot be sent or says how to send: %j: %j', (name, value) => {
    expect(problemOf(JSON.stringify({ resp: { [name]: value } }))).toMatch(
      /^what it holds for resp is not headers that can be sent\. Expected is \{"ats": \{"x-api-key"/,
    );
  });

  it.each(['', 'hunter2-hunter2', '"hunter2-hunter2"', '{"x-api-key": "hunter2-hunter2"}', '{"hunter2-hunter2": {}}'])(
    'are refused when they are something else, and that is not quoted: %s',
    (text) => {
      expect(problemOf(text)).toContain(
        `what it holds is not headers for ${callsInWords()}. Expected is {"ats": {"x-api-key": "…"}, "resp": {…}, `,
      );
      expect(problemOf(text)).not.toContain('hunter2');
    },
  );

  it('are not quoted by what caused the error, which a log shows', () => {
    expect(() => parseHeaders('hunter2-hunter2', CALLS)).toThrow(
      expect.not.objectContaining({ cause: expect.anything() }),
    );
  });
});
