import { CALLS, callsInWords, URL_VARIABLES } from '../../default-calls.ts';
import { deploymentOfZips, packaging } from './packaging.ts';
import { OWN_ENDPOINTS, packaged, type Template, templateIn } from './template.ts';

const SET_ALL = `Set ${callsInWords(URL_VARIABLES)}`;

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
    expect(alarms).toHaveLength(8 + CALLS.length);
    for (const [, alarm] of alarms) expect(Object.keys(alarm).filter((key) => key.endsWith('Actions'))).toEqual([]);
  });
});

describe('a stage that would not work, or whose alarms nobody would hear', () => {
  it('is not packaged', async () => {
    await expect(packaging('prod', {}, templateIn)).rejects.toThrow(SET_ALL);
  });

  it('is not deployed of what was built before, either, and AWS asked for nothing', async () => {
    const deployed = (stage: string, environment: Record<string, string>) =>
      // Nothing listens there.
      deploymentOfZips(stage, { ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, templateIn);
    const { ATS_URL, ...others } = OWN_ENDPOINTS;
    await Promise.all([
      expect(deployed('prod', {})).rejects.toThrow(SET_ALL),
      expect(deployed('prod', OWN_ENDPOINTS)).rejects.toThrow('Set ALARM_TOPIC'),
      expect(deployed('staging', { ATS_URL })).rejects.toThrow(
        `ATS_URL is set, but not ${callsInWords(Object.keys(others))}`,
      ),
    ]);
  });
});
