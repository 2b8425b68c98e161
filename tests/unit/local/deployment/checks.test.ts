import { mapNames } from '../../../../lib/registry.ts';
import { checkDeployment } from '../../../../local/deployment/checks.ts';
import { callsInWords, URL_VARIABLES } from '../../../default-calls.ts';

const all = <T>(value: T) => mapNames(URL_VARIABLES, () => value);
const allBut = (variable: string) => callsInWords(URL_VARIABLES.filter((other) => other !== variable));

const OWN = all('https://models.example/any');

/** As serverless.yml gives one of the reference services' addresses. */
const REFERENCE = { 'Fn::Sub': ['$' + '{url}ml/ats/predict', {}] };

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:operations';

const UNHEARD = { alarms: { are: 'seen', topic: '' }, notifyTopic: '' };

const check =
  (environment: Record<string, unknown>, settings: Record<string, unknown> = {}) =>
  () =>
    checkDeployment({
      serviceDir: '.',
      processedInput: { commands: ['package'] },
      yamlParser: { parse: async () => ({}) },
      service: {
        provider: { stage: 'prod' },
        custom: { esbuild: {}, ...UNHEARD, ...settings },
        functions: { predict: { environment } },
      },
    });

describe('a deployment', () => {
  it('scores with endpoints of your own, or with the reference services', () => {
    expect(check(OWN)).not.toThrow();
    expect(check(all(REFERENCE))).not.toThrow();
  });

  it.each([
    [{ ...OWN, RESP_URL: REFERENCE }, `${allBut('RESP_URL')} are set, but not RESP_URL. Set all of them`],
    [{ ...all(REFERENCE), OFFER_URL: OWN.OFFER_URL }, `OFFER_URL is set, but not ${allBut('OFFER_URL')}. Set`],
    [{ ...OWN, ATS_URL: '' }, `${allBut('ATS_URL')} are set, but not ATS_URL. Set all of them`],
    [all(''), `Set ${callsInWords(URL_VARIABLES)} to the addresses of your endpoints`],
    [{ ...OWN, RESP_URL: 'models.example' }, 'RESP_URL must be an https address'],
    [{ ...OWN, ATS_URL: 'HTTP://127.0.0.1/ats' }, 'ATS_URL must be an https address: on AWS no function reaches'],
    [
      { ...OWN, RESP_URL: 'http://localhost:8000/resp' },
      'RESP_URL must be an https address: on AWS no function reaches',
    ],
  ])('is refused with other addresses, before it fails: %#', (environment, message) => {
    expect(check(environment)).toThrow(message);
  });

  it.each([
    ['seen', ''],
    ['seen', TOPIC],
    ['sent', TOPIC],
    ['sent', 'none'],
  ])('is not held up by alarms that are %s, with the topic "%s"', (are, topic) => {
    expect(check(OWN, { alarms: { are, topic } })).not.toThrow();
  });

  it('is refused where somebody has to be told of alarms and nobody would be', () => {
    expect(check(OWN, { alarms: { are: 'sent', topic: '' } })).toThrow('Nobody would be told of this stage');
  });

  it('is told all that there is to set at once', () => {
    const settings = { alarms: { are: 'sent', topic: '' }, notifyTopic: 'none' };
    expect(check(all(''), settings)).toThrow(
      /^Set ATS_URL, .* and OFFER_URL .*\nNobody .* Set ALARM_TOPIC.*\nNOTIFY_TOPIC is not [^\n]*$/,
    );
  });

  it.each([
    ['ALARM_TOPIC', { alarms: { are: 'seen', topic: 'operations' } }],
    ['ALARM_TOPIC', { alarms: { are: 'sent', topic: 'arn:aws:sqs:eu-west-1:123456789012:operations' } }],
    ['NOTIFY_TOPIC', { notifyTopic: 'none' }],
    ['NOTIFY_TOPIC', { notifyTopic: `${TOPIC}:0b2f1c9e-subscription` }],
  ])('is refused when %s is no topic, before it fails half-way: %#', (variable, settings) => {
    expect(check(OWN, settings)).toThrow(`${variable} is not the ARN of an SNS topic`);
  });
});
