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

describe('what the client sends', () => {
  it.each(LAYOUTS)(
    'in $protocol as $layout is answered so that it reads the values',
    async ({ protocol, layout, rows }) => {
      const client = protocolOf({ protocol, layout, tensor: 'input__0' });
      for (const path of [referencePath('ats', protocol), referencePath('ats')]) {
        const { 'content-type': type, accept } = client.headers;
        const { status, body } = await post(path, client.encode(rows), type, accept);
        expect(status).toBe(200);
        const values = client.decode(typeof body === 'string' ? body : JSON.stringify(body), '1');
        const answers = client.isNamed ? values.map((value) => Object(value).prediction) : values;
        expect(answers.map(Number)).toEqual([1350, 1000].slice(0, rows.length));
      }
    },
  );
});
