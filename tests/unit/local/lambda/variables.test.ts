// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of serverless.yml

import { Variables } from '../../../../local/lambda/variables.ts';

const DOCUMENT = {
  service: 'offers',
  params: { default: { room: 10, kind: 'own' }, prod: { room: 20 } },
  provider: { stage: "${opt:stage, 'dev'}" },
  custom: { own: { address: null }, kinds: { own: { name: 'mine' } }, kind: '${self:custom.kinds.${param:kind}}' },
};

const fillIn = (text: string, environment: Record<string, string> = {}) =>
  new Variables(DOCUMENT, environment).fillIn(text);

describe('a variable of serverless.yml', () => {
  it.each([
    ['plain', 'plain'],
    ['${self:service}-${sls:stage}', 'offers-dev'],
    ['${param:room}', 10],
    ["${env:ROOM, '30'}", '30'],
    ["${env:NAME, '${self:service}-x'}", 'offers-x'],
    ["${env:NAME, ''}", ''],
    ['${param:address, env:ADDRESS, self:custom.${param:kind}.address}', null],
    ['${self:custom.kind.name}', 'mine'],
  ])('%s stands for %j', (text, expected) => {
    expect(fillIn(text)).toBe(expected);
  });

  it('is what the first source has that has anything, be it empty', () => {
    expect(fillIn("${env:NAME, env:OTHER, 'x'}", { OTHER: 'o' })).toBe('o');
    expect(fillIn("${env:NAME, 'x'}", { NAME: '' })).toBe('');
  });

  it('is another in another stage', () => {
    const prod = { ...DOCUMENT, provider: { stage: 'prod' } };
    const variables = new Variables(prod, {});
    expect([variables.fillIn('${param:room}'), variables.fillIn('${param:kind}')]).toEqual([20, 'own']);
  });

  it('is filled in wherever it stands', () => {
    expect(new Variables(DOCUMENT, {}).fillIn({ a: [{ b: '${param:room}' }], c: 1 })).toEqual({ a: [{ b: 10 }], c: 1 });
  });

  it.each([
    ['${env:NAME}', 'serverless.yml: ${env:NAME} has no value'],
    ['${cf:stack.Output}', 'serverless.yml: cf:stack.Output cannot be filled in here'],
  ])('that cannot be filled in is named: %s', (text, message) => {
    expect(() => fillIn(text)).toThrow(message);
  });
});
