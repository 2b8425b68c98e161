import { REGION } from './packaging.ts';
import { ACCOUNT, OWN_ENDPOINTS, packaged, policyDocumentSchema, type Template } from './template.ts';

let prod: Template;
beforeAll(async () => {
  prod = await packaged('prod', { ...OWN_ENDPOINTS, ALARM_TOPIC: 'none' });
}, 120_000);

/** S3 itself writes a bucket's logs, and only those. */
const logsOf = (prefix: string, bucket: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: ['s3:PutObject'],
  Resource: [`AccessLogsBucket.Arn/${prefix}/*`],
  Condition: {
    ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` },
    StringEquals: { 'aws:SourceAccount': ACCOUNT },
  },
});

describe('a bucket', () => {
  it.each(['S3BucketOffers', 'AccessLogsBucket', 'ServerlessDeploymentBucket'])(
    'is private, encrypted, without access control lists, and spoken to with TLS 1.2 at least: %s',
    (name) => {
      expect(prod.properties(name)).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      });
      const [, policy] = prod.ofType('AWS::S3::BucketPolicy').find(([, { Bucket }]) => Bucket === name) ?? [];
      const { Statement } = policyDocumentSchema.parse(policy?.PolicyDocument);
      const denied = { Effect: 'Deny', Principal: '*', Action: ['s3:*'], Resource: [`${name}.Arn`, `${name}.Arn/*`] };
      expect(Statement.filter(({ Effect }) => Effect === 'Deny')).toEqual([
        { Sid: 'EncryptedOnly', ...denied, Condition: { Bool: { 'aws:SecureTransport': false } } },
        { Sid: 'Tls12AtLeast', ...denied, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
      ]);
      const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed.map(({ Sid: _, ...statement }) => statement)).toEqual(
        name === 'AccessLogsBucket'
          ? [logsOf('offers', `member-offers-prod-${ACCOUNT}-${REGION}`), logsOf('deployments', 'member-offers-*')]
          : [],
      );
    },
  );

  it('is one of those above', () => {
    expect(prod.ofType('AWS::S3::Bucket')).toHaveLength(3);
    expect(prod.ofType('AWS::S3::BucketPolicy')).toHaveLength(3);
  });

  it('of the files has a name that no other account has, and versions', () => {
    expect(prod.properties('S3BucketOffers')).toMatchObject({
      BucketName: `member-offers-prod-${ACCOUNT}-${REGION}`,
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  it('has a log, but for that of the logs', () => {
    const logged = prod.ofType('AWS::S3::Bucket').filter(([, { LoggingConfiguration }]) => LoggingConfiguration);
    expect(logged.map(([name, { LoggingConfiguration }]) => [name, LoggingConfiguration])).toEqual([
      ['ServerlessDeploymentBucket', { DestinationBucketName: 'AccessLogsBucket', LogFilePrefix: 'deployments/' }],
      ['S3BucketOffers', { DestinationBucketName: 'AccessLogsBucket', LogFilePrefix: 'offers/' }],
    ]);
    // Which S3 may write by the time that it is told to.
    for (const [name] of logged) expect(prod.resources[name]?.DependsOn).toContain('AccessLogsBucketPolicy');
  });

  it('of the files keeps uploads and reports, and nothing else', () => {
    const { Rules } = prod.properties('S3BucketOffers').LifecycleConfiguration as { Rules: Record<string, unknown>[] };
    const expired = Rules.filter((rule) => 'ExpirationInDays' in rule);
    const intermediates = ['runs/', 'batches/', 'checkpoints/', 'progress/', 'results/', 'completed/', 'resumed/'];
    expect(expired.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])).toEqual(
      intermediates.map((prefix) => [prefix, 30]),
    );
    expect(Rules.filter((rule) => !expired.includes(rule))).toEqual([
      {
        Id: 'leftovers',
        Status: 'Enabled',
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        ExpiredObjectDeleteMarker: true,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ]);
  });

  it('starts functions only of this account and by its own objects', () => {
    const fromS3 = prod
      .ofType('AWS::Lambda::Permission')
      .filter(([, { Principal }]) => Principal === 's3.amazonaws.com');
    expect(fromS3).toHaveLength(3);
    for (const [, permission] of fromS3) {
      expect(permission).toMatchObject({
        SourceAccount: ACCOUNT,
        SourceArn: `arn:aws:s3:::member-offers-prod-${ACCOUNT}-${REGION}`,
      });
    }
  });
});

describe('what outlives the stack', () => {
  it('is the two buckets with what people gave and who read it, but not when the deployment that made them fails', () => {
    const outliving = Object.entries(prod.resources).filter(
      ([, { DeletionPolicy, UpdateReplacePolicy }]) =>
        DeletionPolicy !== undefined || UpdateReplacePolicy !== undefined,
    );
    const retained = expect.objectContaining({
      // A bucket that stays behind would have every further deployment fail: its name is taken.
      DeletionPolicy: 'RetainExceptOnCreate',
      // CloudFormation knows no such exception here.
      UpdateReplacePolicy: 'Retain',
    });
    const names = ['S3BucketOffers', 'OffersBucketPolicy', 'AccessLogsBucket', 'AccessLogsBucketPolicy'];
    expect(Object.fromEntries(outliving)).toEqual(Object.fromEntries(names.map((name) => [name, retained])));
  });
});
