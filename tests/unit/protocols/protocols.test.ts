import { layoutOf, PROTOCOL_NAMES, PROTOCOLS, protocolOf } from '../../../lib/protocols/protocols.ts';
import { numberIn, textIn, valueAt } from '../../../lib/protocols/value-at.ts';

const ALL = PROTOCOL_NAMES.flatMap((protocol) =>
  Object.keys(PROTOCOLS[protocol].layouts).map((layout) => ({ protocol, layout, tensor: 'input__0' })),
);

describe.each(ALL)('$protocol as $layout', (manner) => {
  const { isNamed, encode, decode, example } = protocolOf(manner);
  const shown = (field: string, value: string) => example(isNamed ? `{"${field}": ${value}}` : value);

  it('understands its example of an answer to a model', () => {
    const text = shown('prediction', '0.42');
    expect(decode(text, text, 1).map((value) => numberIn(valueAt(value, undefined, 'prediction')))).toEqual([0.42]);
  });

  it('understands its example of an answer of the offer service', () => {
    const text = shown('offer', '"OFFER_2"');
    expect(decode(text, text, 1).map((value) => textIn(valueAt(value, undefined, 'offer')))).toEqual(['OFFER_2']);
  });

  it('sends all digits of a number', () => {
    expect(encode([{ SPEND: 0.1 + 0.2 }])).toContain('0.30000000000000004');
  });
});

it('without a name, json counts, and without a layout the first', () => {
  expect(layoutOf({})).toBe(PROTOCOLS.json.layouts.object);
});

it.each(['columns', 'constructor'])('there is no layout %s', (layout) => {
  expect(() => layoutOf({ protocol: 'mlflow', layout })).toThrow(`mlflow has no layout ${layout}`);
});
