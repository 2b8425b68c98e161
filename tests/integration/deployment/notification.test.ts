import { grantsOf } from './access.ts';
import { NEEDED } from './needed.ts';
import { ACCOUNT, packaged, policyDocumentSchema, type Template } from './template.ts';

const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:operations`;
const EMAIL = 'offers@example.com';

let silent: Template;
let mailing: Template;
let telling: Template;
beforeAll(async () => {
  silent = await packaged('dev');
  mailing = await packaged('dev', { NOTIFY_EMAIL: EMAIL });
  telling = await packaged('dev', { NOTIFY_EMAIL: EMAIL, NOTIFY_TOPIC: TOPIC });
}, 120_000);

/** What a role may do that it needs for nothing but telling that a run has ended. */
function grantsToTell(template: Template, name: string): string[] {
  const others = new Set(grantsOf(silent, `${name}Role`).map(({ action, on }) => `${action} ${on}`));
  return grantsOf(template, `${name}Role`)
    .map(({ action, on }) => `${action} ${on}`)
    .filter((grant) => !others.has(grant));
}

const topicOf = (template: Template, name: string) =>
  (template.properties(`${name}LambdaFunction`).Environment as { Variables: Record<string, string> }).Variables
    .NOTIFY_TOPIC;

describe('a deployment without somebody to tell', () => {
  it('has no topic, no subscription, and no permission to publish', () => {
    for (const type of ['Topic', 'TopicPolicy', 'Subscription']) expect(silent.ofType(`AWS::SNS::${type}`)).toEqual([]);
    for (const name of Object.keys(NEEDED)) {
      expect(grantsOf(silent, `${name}Role`).filter(({ action }) => action.startsWith('sns:'))).toEqual([]);
    }
    expect([topicOf(silent, 'Report'), topicOf(silent, 'OnFailure')]).toEqual(['', '']);
  });
});

describe('a deployment with an e-mail address', () => {
  it('makes a topic that is encrypted and takes nothing without TLS, and subscribes the address', () => {
    expect(mailing.ofType('AWS::SNS::Topic')).toEqual([['RunEnds', { KmsMasterKeyId: 'alias/aws/sns' }]]);
    expect(mailing.properties('RunEndsPolicy').Topics).toEqual(['RunEnds']);
    expect(policyDocumentSchema.parse(mailing.properties('RunEndsPolicy').PolicyDocument).Statement).toEqual([
      {
        Sid: 'EncryptedOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: ['sns:Publish'],
        Resource: ['RunEnds'],
        Condition: { Bool: { 'aws:SecureTransport': false } },
      },
    ]);
    expect(mailing.properties('RunEndsMail')).toEqual({ TopicArn: 'RunEnds', Protocol: 'email', Endpoint: EMAIL });
    expect([topicOf(mailing, 'Report'), topicOf(mailing, 'OnFailure')]).toEqual(['RunEnds', 'RunEnds']);
  });
});

describe('a deployment with a topic that is there already', () => {
  it('makes none, and subscribes the address to that one', () => {
    expect(telling.ofType('AWS::SNS::Topic')).toEqual([]);
    expect(telling.ofType('AWS::SNS::TopicPolicy')).toEqual([]);
    expect(telling.properties('RunEndsMail')).toEqual({ TopicArn: TOPIC, Protocol: 'email', Endpoint: EMAIL });
    expect([topicOf(telling, 'Report'), topicOf(telling, 'OnFailure')]).toEqual([TOPIC, TOPIC]);
  });
});

describe('the functions that end runs, and no others,', () => {
  it('may publish to that topic alone', () => {
    for (const [template, topic] of [
      [mailing, 'RunEnds'],
      [telling, TOPIC],
    ] as const) {
      expect(Object.fromEntries(Object.keys(NEEDED).map((name) => [name, grantsToTell(template, name)]))).toEqual({
        Features: [],
        Predict: [],
        Report: [`sns:Publish ${topic}`],
        OnFailure: [`sns:Publish ${topic}`],
        Resume: [],
        Endpoints: [],
      });
    }
  });
});
