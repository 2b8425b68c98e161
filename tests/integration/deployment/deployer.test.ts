import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { mapNames } from '../../../lib/registry.ts';
import { startLocalS3 } from '../../../local/s3/server.ts';
import { URL_VARIABLES } from '../../default-calls.ts';
import { startS3Proxy } from '../harness/s3-proxy.ts';
import { type Demand, startAws } from './aws.ts';
import { demandsOf } from './demands.ts';
import { allows, deployerStack } from './deployer.ts';
import { HANDLERS } from './handlers.ts';
import { deploymentOfZips } from './packaging.ts';
import { ACCOUNT, type Statement, type Template, templateIn } from './template.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:210987654321:operations';

/** A stage as its GitHub environment is set up: with reference services and a topic of its own, and with neither. */
const STAGES = {
  staging: { BUCKET: 'example-offers', NOTIFY_EMAIL: 'offers@example.com' },
  prod: {
    BUCKET: 'example-offers-live',
    ...mapNames(URL_VARIABLES, () => 'https://models.example/'),
    ALARM_TOPIC: TOPIC,
    ...{ NOTIFY_EMAIL: 'offers@example.com', NOTIFY_TOPIC: TOPIC, REQUESTS_PER_SECOND: '20' },
    ENDPOINT_HEADERS_REF: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:prod/endpoints-AbCdEf`,
    ENDPOINT_HEADERS_KEY: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  },
};

type Stage = keyof typeof STAGES;

const stackFor = (stage: Stage, parameters: Record<string, string> = {}) =>
  deployerStack({
    ...{ Subject: 'octo@1/offers@2', Stage: stage, Bucket: STAGES[stage].BUCKET, GitHub: 'unknown' },
    NotifyTopic: 'NOTIFY_TOPIC' in STAGES[stage] ? TOPIC : '',
    ...parameters,
  });

interface Deployed {
  template: Template;
  statements: Statement[];
  demands: Demand[];
}

const deployed = {} as Record<Stage, Deployed>;

/** @param earlier how many deployments there have been */
async function deploy(stage: Stage, earlier: number): Promise<Deployed> {
  const statements = stackFor(stage).statements('Deployer');
  const directory = await mkdtemp(join(tmpdir(), 'member-offers-deployment-'));
  const bucket = `member-offers-${stage}-serverlessdeploymentbucket-1a2b3c4d5e6f`;
  const s3 = await startLocalS3({ directory, port: 0, bucket });
  const allowed = (demand: Demand) => allows(statements, demand);
  // Signs anew what was signed for another address.
  const proxy = await startS3Proxy(s3, () => undefined);
  const aws = await startAws({ allows: allowed, s3: proxy.endpoint, bucket, hasStack: earlier > 0 });
  try {
    for (let time = 1; time <= earlier; time++) {
      const folder = `serverless/member-offers/${stage}/${time}-${new Date(time).toISOString()}`;
      await s3.createIfAbsent(`${folder}/compiled-cloudformation-template.json`, () => Readable.from(['{}']));
    }
    const environment = {
      ...STAGES[stage],
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
      // Milliseconds.
      SLS_AWS_MONITORING_FREQUENCY: '1',
    };
    const template = await deploymentOfZips(stage, environment, templateIn);
    return { template, statements, demands: aws.demands };
  } finally {
    await aws.close();
    await proxy.close();
    await s3.close();
    await rm(directory, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  [deployed.staging, deployed.prod] = await Promise.all([deploy('staging', 0), deploy('prod', 7)]);
}, 180_000);

/** Without those that a statement on everything is for. */
const scoped = (demands: readonly Demand[]) => demands.filter(({ on }) => on !== '*');

const asked = (stage: Stage) => [...new Set(deployed[stage].demands.map(({ action }) => action))].toSorted();

/** What `npm run drop` does for the smoke run, read off scripts/drop/ and scripts/shared/ by hand. */
function smokeDemands(bucket: string): Demand[] {
  const to = (action: string, keys: string[]) => keys.map((key) => ({ action, on: `arn:aws:s3:::${bucket}/${key}` }));
  return [
    { action: 's3:ListBucket', on: `arn:aws:s3:::${bucket}` },
    ...['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'].flatMap((action) =>
      to(action, ['uploads/smoke/f.csv']),
    ),
    ...to('s3:GetObject', [
      'runs/R/manifest.json',
      'results/R/1.json',
      'checkpoints/R/1.json',
      'progress/R/1.json',
      'reports/smoke/R/s.json',
    ]),
  ];
}

/** Actions that statements allow and nobody asks for. */
function unusedIn(stage: Stage): string[] {
  const { template, statements, demands } = deployed[stage];
  const all = [...demands, ...demandsOf(template, `member-offers-${stage}`), ...smokeDemands(STAGES[stage].BUCKET)];
  return statements.flatMap((statement) =>
    statement.Action.filter(
      (action) => !all.some((demand) => allows([{ ...statement, Action: [action] }], demand)),
    ).map((action) => `${statement.Sid}: ${action}`),
  );
}

describe('the role that deploys', () => {
  it('is enough for the first deployment and for later ones: AWS refuses the framework nothing', () => {
    const always = ['CreateChangeSet', 'DescribeChangeSet', 'DescribeStackEvents', 'DescribeStackResource'];
    const more = [
      'DescribeStacks',
      'ExecuteChangeSet',
      'ListStackResources',
      'TagResource',
      'UpdateTerminationProtection',
    ];
    const calls = [...always, 'DeleteChangeSet', ...more, 'ValidateTemplate'].map((name) => `cloudformation:${name}`);
    const expected = [...calls, 'lambda:GetFunction', 's3:ListBucket', 's3:PutObject'];
    expect(asked('staging')).toEqual(expected.toSorted());
    // Packages that lie there are compared, and the oldest deleted.
    expect(asked('prod')).toEqual([...expected, 's3:DeleteObject', 's3:GetObject'].toSorted());
    for (const { demands, statements } of Object.values(deployed)) {
      expect(demands.filter((demand) => !allows(statements, demand))).toEqual([]);
    }
  });

  it.each(['staging', 'prod'] as const)('is enough for all that CloudFormation makes of the template: %s', (stage) => {
    const { template, statements } = deployed[stage];
    const demands = demandsOf(template, `member-offers-${stage}`);
    expect(demands.length).toBeGreaterThan(300);
    expect(demands.filter((demand) => !allows(statements, demand))).toEqual([]);
  });

  it('has nothing for properties that no resource has', () => {
    for (const { template } of Object.values(deployed)) {
      for (const [type, { only = {} }] of Object.entries(HANDLERS)) {
        const keys = new Set(JSON.stringify(template.ofType(type)).match(/"\w+"(?=:)/g));
        expect(Object.keys(only).filter((property) => keys.has(`"${property}"`))).toEqual([]);
      }
    }
  });

  it('is enough for the smoke run, and may not touch other files', () => {
    const { statements } = deployed.staging;
    const { BUCKET } = STAGES.staging;
    expect(smokeDemands(BUCKET).filter((demand) => !allows(statements, demand))).toEqual([]);
    for (const key of ['uploads/acme/f.csv', 'reports/acme/R/report.xlsx', 'batches/R/1.json']) {
      for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion']) {
        expect(allows(statements, { action, on: `arn:aws:s3:::${BUCKET}/${key}` })).toBe(false);
      }
    }
    const logs = 'arn:aws:s3:::member-offers-staging-accesslogsbucket-1a2b3c4d5e6f/offers/2024-01-31';
    expect(allows(statements, { action: 's3:GetObject', on: logs })).toBe(false);
  });

  it('cannot delete the stack, nor reach anything of another stage', () => {
    for (const [one, other] of [['staging', 'prod'] as const, ['prod', 'staging'] as const]) {
      const { statements } = deployed[one];
      const { template, demands } = deployed[other];
      const others = scoped([...demandsOf(template, `member-offers-${other}`), ...demands]);
      // Whoever is subscribed to it, the topic is neither's.
      const shared = others.filter(({ on }) => !on.startsWith(TOPIC));
      expect(shared.length).toBeGreaterThan(300);
      expect(shared.filter((demand) => allows(statements, demand))).toEqual([]);
      const stack = demands.find(({ action }) => action === 'cloudformation:ExecuteChangeSet')?.on ?? '';
      expect(allows(deployed[other].statements, { action: 'cloudformation:DeleteStack', on: stack })).toBe(false);
    }
  });

  it('allows nothing that nobody asks for', () => {
    const unused = (Object.keys(STAGES) as Stage[]).map((stage) => new Set(unusedIn(stage)));
    const [inStaging = new Set(), inProd = new Set()] = unused;
    // Each stage has something that the other has not.
    expect([...inStaging].filter((grant) => inProd.has(grant))).toEqual([
      // When a tag of the stack's is taken away.
      'Stack: cloudformation:UntagResource',
      // When an upload of more than 5 MB, which goes in parts, is broken off.
      'Packages: s3:AbortMultipartUpload',
    ]);
  });

  it('has no patterns but for settings to read, and everything only where there is no resource to name', () => {
    for (const { statements } of Object.values(deployed)) {
      const patterns = statements.flatMap(({ Action }) => Action.filter((action) => action.includes('*')));
      expect(patterns).toEqual(['s3:GetBucket*', 's3:Get*Configuration']);
      expect(statements.filter(({ Resource }) => Resource.includes('*')).map(({ Sid }) => Sid)).toEqual(['Look']);
    }
  });

  it.each([
    ['unknown', 'Provider'],
    ['known', `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`],
  ])('trusts one environment of one repository, in an account where GitHub is %s', (GitHub, provider) => {
    const stack = stackFor('prod', { GitHub });
    expect(stack.ofType('AWS::IAM::OIDCProvider')).toHaveLength(GitHub === 'unknown' ? 1 : 0);
    expect(stack.properties('Deployer').AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:octo@1/offers@2:environment:prod',
            },
          },
        },
      ],
    });
  });
});
