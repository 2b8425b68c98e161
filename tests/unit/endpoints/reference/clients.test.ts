import { referencePath } from '../../../../lib/endpoints/reference/server-protocols.ts';
import { PROTOCOL_NAMES, PROTOCOLS, protocolOf } from '../../../../lib/protocols/protocols.ts';
import { FIRST, SECOND, served } from './served.ts';

const { post } = served();

const LAYOUTS = PROTOCOL_NAMES.flatMap((protocol) =>
  Object.entries(PROTOCOLS[protocol].layouts).map(([layout, { isSingle }]) => ({
    protocol,
    layout,
    rows: isSingle ? [FIRST] : [FIRST, SECOND],
  })),
);

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

describe('what the client sends', () => {
  it.each(LAYOUTS)(
    'in $protocol as $layout is answered so that it reads the values',
    async ({ protocol, layout, rows }) => {
      const client = protocolOf({ protocol, layout, tensor: 'input__0' });
      for (const path of [referencePath('ats', protocol), referencePath('ats')]) {
        const { 'content-type': type, accept } = client.headers;
        const { status, body } = await post(path, client.encode(rows), type, accept);
        expect(status).toBe(200);
        const values = client.decode(textOf(body), '1', rows.length);
        const answers = client.isNamed ? values.map((value) => Object(value).prediction) : values;
        expect(answers.map(Number)).toEqual([1350, 1000].slice(0, rows.length));
      }
    },
  );
});

describe('what SageMaker refuses', () => {
  const sagemaker = protocolOf({ protocol: 'sagemaker' });

  async function refused(path: string) {
    const { status, errorType, body } = await post(path, '1,2', 'text/csv');
    return sagemaker.errorIn?.(status, textOf(body), { 'x-amzn-errortype': String(errorType) });
  }

  it('is to the client what the container has answered', async () => {
    expect(await refused('/endpoints/ats/invocations')).toEqual({
      status: 400,
      text: expect.stringContaining('a row has 2 values, and there are 8 inputs'),
    });
  });

  it('is 404 to the client where there is no endpoint', async () => {
    expect(await refused('/endpoints/none/invocations')).toMatchObject({ status: 404 });
  });
});
