import { packaging } from './packaging.ts';
import { packaged, type Template, templateIn } from './template.ts';

const OWN_ENDPOINTS = {
  ATS_URL: 'https://models.example/ats',
  RESP_URL: 'https://models.example/resp',
  OFFER_URL: 'https://models.example/offer',
};

let staging: Template;
beforeAll(async () => {
  staging = await packaged('staging', { ...OWN_ENDPOINTS, ALARM_TOPIC: 'none' });
}, 120_000);

describe('a stage that has reference services when nothing is set', () => {
  it('has none where others are set, and nothing that the public can call', () => {
    expect(Object.keys(staging.resources).filter((name) => name.startsWith('Endpoints'))).toEqual([]);
    expect(staging.properties('PredictLambdaFunction')).toMatchObject({ Environment: { Variables: OWN_ENDPOINTS } });
    const permissions = staging.ofType('AWS::Lambda::Permission').map(([, { Principal }]) => Principal);
    expect(new Set(permissions)).toEqual(new Set(['events.amazonaws.com', 's3.amazonaws.com']));
  });

  it('sends alarms nowhere when that is what was said', () => {
    const alarms = staging.ofType('AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(11);
    for (const [, alarm] of alarms) expect(Object.keys(alarm).filter((key) => key.endsWith('Actions'))).toEqual([]);
  });
});

describe('production', () => {
  it('is not packaged while the endpoints are not said, or who is told of alarms', async () => {
    await Promise.all([
      expect(packaging('prod', {}, templateIn)).rejects.toThrow('Set ATS_URL, RESP_URL and OFFER_URL'),
      expect(packaging('prod', OWN_ENDPOINTS, templateIn)).rejects.toThrow('Set ALARM_TOPIC'),
    ]);
  });
});
