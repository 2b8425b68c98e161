import { z } from 'zod';
import { grantsOf } from './access.ts';
import { NEEDED } from './needed.ts';
import { OWN_ENDPOINTS, packaged, policyDocumentSchema, type Template } from './template.ts';

/** Invocations at a time that are kept for a stage's functions. */
const reserved = (template: Template) =>
  template
    .ofType('AWS::Lambda::Function')
    .reduce((sum, [, { ReservedConcurrentExecutions = 0 }]) => sum + z.number().parse(ReservedConcurrentExecutions), 0);

const FUNCTIONS = ['Features', 'Predict', 'Report', 'OnFailure', 'Resume'];

let dev: Template;
let prod: Template;
beforeAll(async () => {
  [dev, prod] = await Promise.all([packaged('dev'), packaged('prod', { ...OWN_ENDPOINTS, ALARM_TOPIC: 'none' })]);
}, 120_000);

describe('a function', () => {
  it.each([...FUNCTIONS, 'Endpoints'])('runs on Node 24 and arm64, traced, with its own role: %s', (name) => {
    expect(dev.properties(`${name}LambdaFunction`)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Role: `${name}Role.Arn`,
      Tags: [
        { Key: 'service', Value: 'member-offers' },
        { Key: 'stage', Value: 'dev' },
      ],
    });
  });

  it('is one of those above', () => {
    const names = (template: Template) => template.ofType('AWS::Lambda::Function').map(([name]) => name);
    const pipeline = FUNCTIONS.map((name) => `${name}LambdaFunction`);
    expect(names(dev)).toEqual([...pipeline, 'EndpointsLambdaFunction']);
    expect(names(prod)).toEqual(pipeline);
  });

  it.each(FUNCTIONS)('keeps its logs as long as the stage says: %s', (name) => {
    const { FunctionName } = dev.properties(`${name}LambdaFunction`);
    const logs = { LogGroupName: `/aws/lambda/${FunctionName}` };
    expect(dev.properties(`${name}LogGroup`)).toMatchObject({ ...logs, RetentionInDays: 14 });
    expect(prod.properties(`${name}LogGroup`)).toMatchObject({ RetentionInDays: 365 });
  });

  it.each([
    ['Features', 'OnFailureLambdaFunction.Arn', 2, 21_600],
    ['Predict', 'OnFailureLambdaFunction.Arn', 2, 21_600],
    ['Report', 'OnFailureLambdaFunction.Arn', 2, 21_600],
    ['OnFailure', 'FailedEvents.Arn', 2, 21_600],
    ['Resume', 'FailedEvents.Arn', 0, 900],
  ])('hands on an event that it does not survive: %s', (name, Destination, attempts, age) => {
    expect(prod.properties(`${name}LambdaEvConf`)).toMatchObject({
      DestinationConfig: { OnFailure: { Destination } },
      MaximumRetryAttempts: attempts,
      MaximumEventAgeInSeconds: age,
    });
  });

  it('is limited when it calls the endpoints', () => {
    expect(prod.properties('PredictLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: 10 });
  });

  it('is started with no more batches of a usual run than it has room for', () => {
    expect(prod.properties('FeaturesLambdaFunction').Environment).toMatchObject({
      Variables: { MAX_BATCHES: '10', MAX_BATCH_SIZE: '25000' },
    });
  });
});

describe('the reference services', () => {
  it('take no more of the account, whoever calls them, than two such stages and prod have room for', () => {
    expect(dev.properties('EndpointsLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: 300 });
    expect([reserved(dev), reserved(prod)]).toEqual([300 + 10, 10]);
    // Of an account's usual 1,000 Lambda keeps 100 that nobody reserves.
    expect(2 * reserved(dev) + reserved(prod)).toBeLessThanOrEqual(1000 - 100);
  });
});

describe('the role of a function', () => {
  it.each(Object.entries(NEEDED))('allows what its code does and nothing else: %s', (name, needed) => {
    const granted: Record<string, string[]> = {};
    for (const { action, on } of grantsOf(dev, `${name}Role`)) granted[action] = [...(granted[action] ?? []), on];
    for (const resources of Object.values(granted)) resources.sort();
    expect(granted).toEqual({
      ...needed,
      'logs:CreateLogStream': [`${name}LogGroup.Arn`],
      'logs:PutLogEvents': [`${name}LogGroup.Arn`],
      // X-Ray has no resources.
      'xray:PutTraceSegments': ['*'],
      'xray:PutTelemetryRecords': ['*'],
    });
  });

  it('is its own, assumed by Lambda alone, without managed policies', () => {
    expect(prod.ofType('AWS::IAM::Role').map(([name]) => name)).toEqual(FUNCTIONS.map((name) => `${name}Role`));
    for (const [, role] of dev.ofType('AWS::IAM::Role')) {
      expect(Object.keys(role).toSorted()).toEqual(['AssumeRolePolicyDocument', 'Policies']);
      const trusted = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
      expect(role.AssumeRolePolicyDocument).toEqual({ Version: '2012-10-17', Statement: [trusted] });
    }
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User']) {
      expect(dev.ofType(type)).toEqual([]);
    }
  });
});

describe('the objects that functions write', () => {
  /** Which functions a function's objects start, by what its role may write. */
  function started(name: string): string[] {
    const { LambdaConfigurations } = dev.properties('S3BucketOffers').NotificationConfiguration as {
      LambdaConfigurations: { Function: string; Filter: { S3Key: { Rules: { Name: string; Value: string }[] } } }[];
    };
    const writes = grantsOf(dev, `${name}Role`).filter(({ action }) => action === 's3:PutObject');
    const subscribers = LambdaConfigurations.filter(({ Filter }) => {
      const prefix = Filter.S3Key.Rules.find((rule) => rule.Name === 'prefix')?.Value ?? '';
      return writes.some(({ on }) => on.startsWith(prefix) || prefix.startsWith(on.replace(/\*.*/, '')));
    });
    return [...new Set(subscribers.map(({ Function: arn }) => arn.replace('LambdaFunction.Arn', '')))];
  }

  /*
   * Lambda ends a chain in which a function is invoked about 16 times. The longest one here has 10 invocations, of
   * predict 6: features, predict and its 5 continuations, onFailure, report, onFailure. What onFailure does about a report starts
   * nothing; resume is started by no object.
   */
  it('start no function that is before their own, but for the batches that predict continues', () => {
    expect(Object.fromEntries(FUNCTIONS.map((name) => [name, started(name)]))).toEqual({
      Features: ['Predict', 'Report'],
      Predict: ['Predict', 'Report'],
      Report: [],
      OnFailure: ['Report'],
      Resume: ['Features', 'Predict', 'Report'],
    });
  });
});

describe('the queue of failed events', () => {
  it('is encrypted, spoken to with TLS, and keeps them for 14 days', () => {
    expect(prod.ofType('AWS::SQS::Queue')).toEqual([
      ['FailedEvents', expect.objectContaining({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 })],
    ]);
    const [[, policy] = []] = prod.ofType('AWS::SQS::QueuePolicy');
    expect(policyDocumentSchema.parse(policy?.PolicyDocument).Statement).toMatchObject([
      { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': false } } },
    ]);
  });
});

describe('the template', () => {
  it('lets the public call the reference services, in stages that have them, and nothing else', () => {
    const open = (template: Template) =>
      template.ofType('AWS::Lambda::Permission').filter(([, { Principal }]) => Principal === '*');
    expect(open(prod)).toEqual([]);
    expect(prod.ofType('AWS::Lambda::Url')).toEqual([]);
    expect(open(dev).map(([, { FunctionName }]) => FunctionName)).toEqual(Array(2).fill('EndpointsLambdaFunction.Arn'));
  });

  it('names no account and no region', () => {
    for (const { text } of [dev, prod]) expect(text).not.toMatch(/\b\d{12}\b|\b[a-z]{2}(-[a-z]+)+-\d\b/);
  });

  it('has no resources that wait for each other', () => {
    const { Resources } = JSON.parse(dev.text) as { Resources: Record<string, unknown> };
    const names = Object.keys(Resources);
    const needs = new Map(
      Object.entries(Resources).map(([name, resource]) => {
        const text = JSON.stringify(resource);
        const isMentioned = (other: string) => text.includes(`"${other}"`) || text.includes(`\${${other}.`);
        return [name, new Set(names.filter((other) => other !== name && isMentioned(other)))];
      }),
    );
    while (needs.size > 0) {
      const ready = [...needs].filter(([, others]) => ![...others].some((other) => needs.has(other)));
      if (ready.length === 0) throw new Error(`they wait for each other: ${[...needs.keys()].join(', ')}`);
      for (const [name] of ready) needs.delete(name);
    }
    expect(needs.size).toBe(0);
  });
});
