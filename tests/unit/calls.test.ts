import { callNames, callsOf } from '../../lib/calls.ts';
import { urlOf } from '../../lib/partners/call-url.ts';
import type { ModelDefinition } from '../../lib/partners/definition.ts';
import { DEFAULT } from '../default-partner.ts';

const model = (changes: Partial<ModelDefinition> = {}): ModelDefinition => ({
  title: 'spend in 30 days',
  url: urlOf('SPEND_URL'),
  ...changes,
});

describe('what default.yml calls', () => {
  const { models, offer, all, expectedValue } = callsOf(DEFAULT);

  it('is called and shown as before there were partner files', () => {
    expect(models).toEqual([
      {
        name: 'ats',
        label: 'ATS',
        title: 'transaction size',
        meaning: 'Average transaction size, as one model predicts it for the member.',
        addressIn: 'ATS_URL',
        colour: 'var(--c1)',
        expected: { from: 0 },
        expectedVariable: 'EXPECTED_ATS',
        format: '#,##0.00',
        cellColour: 'FF9DC3E6',
      },
      {
        name: 'resp',
        label: 'RESP',
        title: 'probability to respond',
        meaning: 'The probability that the member responds to an offer, as the other model predicts it.',
        addressIn: 'RESP_URL',
        colour: 'var(--c2)',
        expected: { from: 0, to: 1 },
        expectedVariable: 'EXPECTED_RESP',
        format: '0.0000',
        cellColour: 'FFA9D18E',
      },
    ]);
    expect(offer).toEqual({ name: 'offer', label: 'OFFER', addressIn: 'OFFER_URL', colour: 'var(--c3)' });
    expect(all).toEqual([...models, offer]);
    expect(expectedValue).toEqual({ factors: models, formula: 'ATS × RESP' });
  });
});

describe('what another partner calls', () => {
  it('is called by its name in capitals and explained by its title, unless its file says otherwise', () => {
    const { models } = callsOf({
      models: { spend: model(), churn: model({ label: 'Leaves', description: 'Who leaves.', format: 'percent' }) },
    });
    expect(models).toMatchObject([
      { label: 'SPEND', meaning: 'Spend in 30 days, as a model predicts it for the member.', format: '#,##0.00' },
      { label: 'Leaves', meaning: 'Who leaves.', format: '0.0%' },
    ]);
    expect(models.map(({ expected, expectedVariable }) => [expected, expectedVariable])).toEqual([
      [{}, undefined],
      [{}, undefined],
    ]);
  });

  it('has no offer and no expected value where there is no offer service', () => {
    const definition = { models: { spend: model() } };
    expect(callsOf(definition)).toMatchObject({ offer: undefined, expectedValue: undefined });
    expect(callsOf(definition).all.map(({ name }) => name)).toEqual(['spend']);
    expect(callNames(definition)).toEqual(['spend']);
  });

  it('has no expected value unless its file names it', () => {
    const models = { one: model(), other: model() };
    const offer = { url: urlOf('OFFER_URL'), send: { a: 'one', b: 'other' } };
    expect(callsOf({ models, offer }).expectedValue).toBeUndefined();
    expect(callNames({ models, offer })).toEqual(['one', 'other', 'offer']);
  });

  it('has colours by its place, which come again where there are very many', () => {
    const { models } = callsOf({
      models: Object.fromEntries(Array.from({ length: 20 }, (_, place) => [`m${place}`, model()])),
    });
    expect(models.map(({ colour }) => colour).slice(0, 9)).toEqual([
      ...Array.from({ length: 8 }, (_, place) => `var(--c${place + 1})`),
      'var(--c1)',
    ]);
    expect(new Set(models.map(({ cellColour }) => cellColour)).size).toBe(6);
  });

  it('has its address where its file says it, if that is no variable', () => {
    const { models } = callsOf({ models: { spend: model({ url: 'https://models.example/spend' }) } });
    expect(models[0]?.addressIn).toBe("the url of spend in the partner's file");
  });
});
