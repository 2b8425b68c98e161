/** What CloudFormation asks of AWS, with the credentials of whoever deploys, to look after a resource of a type. */
export interface Handlers {
  /** Permissions that each such resource needs. */
  always: string;
  /** By property: those that only resources with that property need. None of the service's have one of these. */
  only?: Record<string, string>;
}

/**
 * Of each type that the service is made of: the permissions of its handlers for creating, reading, updating and deleting
 * it and its tags. They are all that the types' schemas of August 2026 list, as `aws cloudformation describe-type --type
 * RESOURCE --type-name AWS::S3::Bucket` prints them, but for those that IAM does not know
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/). Which of them a property is the reason for is
 * said by its name and by that of the request. The stack has tags, which go to all of its resources.
 */
export const HANDLERS: Record<string, Handlers> = {
  'AWS::CloudWatch::Alarm': {
    always: `cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource cloudwatch:PutMetricAlarm
      cloudwatch:TagResource cloudwatch:UntagResource`,
  },
  'AWS::CloudWatch::Dashboard': {
    always: `cloudwatch:DeleteDashboards cloudwatch:GetDashboard cloudwatch:ListTagsForResource cloudwatch:PutDashboard
      cloudwatch:TagResource cloudwatch:UntagResource`,
  },
  'AWS::Events::Rule': {
    always: `events:DeleteRule events:DescribeRule events:ListTagsForResource events:ListTargetsByRule events:PutRule
      events:PutTargets events:RemoveTargets events:TagResource events:UntagResource`,
    only: { RoleArn: 'iam:PassRole' },
  },
  'AWS::IAM::Role': {
    always: `iam:CreateRole iam:DeleteRole iam:DeleteRolePolicy iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies
      iam:ListRolePolicies iam:ListRoleTags iam:PutRolePolicy iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy`,
    only: {
      Description: 'iam:UpdateRoleDescription',
      ManagedPolicyArns: 'iam:AttachRolePolicy iam:DetachRolePolicy',
      MaxSessionDuration: 'iam:UpdateRole',
      PermissionsBoundary: 'iam:DeleteRolePermissionsBoundary iam:PutRolePermissionsBoundary',
    },
  },
  'AWS::Lambda::EventInvokeConfig': {
    always: `lambda:DeleteFunctionEventInvokeConfig lambda:GetFunctionEventInvokeConfig
      lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig`,
  },
  'AWS::Lambda::Function': {
    always: `iam:PassRole lambda:CreateFunction lambda:DeleteFunction lambda:DeleteFunctionConcurrency lambda:GetFunction
      lambda:GetFunctionCodeSigningConfig lambda:GetFunctionRecursionConfig lambda:GetFunctionScalingConfig
      lambda:GetRuntimeManagementConfig lambda:ListTags lambda:PutFunctionConcurrency lambda:TagResource
      lambda:UntagResource lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration s3:GetObject
      s3:GetObjectVersion`,
    only: {
      CapacityProviderConfig: 'lambda:PassCapacityProvider',
      CodeSigningConfigArn: `lambda:DeleteFunctionCodeSigningConfig lambda:GetCodeSigningConfig
        lambda:PutFunctionCodeSigningConfig`,
      FileSystemConfigs: 'elasticfilesystem:DescribeMountTargets s3files:ListMountTargets',
      FunctionScalingConfig: 'lambda:PutFunctionScalingConfig',
      KmsKeyArn: 'kms:CreateGrant kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey',
      Layers: 'lambda:GetLayerVersion',
      PublishToLatestPublished: 'lambda:PublishVersion',
      RecursiveLoop: 'lambda:PutFunctionRecursionConfig',
      RuntimeManagementConfig: 'lambda:PutRuntimeManagementConfig',
      VpcConfig: 'ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs',
    },
  },
  'AWS::Lambda::Permission': { always: 'lambda:AddPermission lambda:GetPolicy lambda:RemovePermission' },
  'AWS::Lambda::Url': {
    always: `lambda:CreateFunctionUrlConfig lambda:DeleteFunctionUrlConfig lambda:GetFunctionUrlConfig
      lambda:UpdateFunctionUrlConfig`,
  },
  'AWS::Logs::LogGroup': {
    always: `logs:CreateLogGroup logs:DeleteLogGroup logs:DeleteRetentionPolicy logs:DescribeIndexPolicies
      logs:DescribeLogGroups logs:DescribeResourcePolicies logs:GetDataProtectionPolicy logs:ListTagsForResource
      logs:PutRetentionPolicy logs:TagResource logs:UntagResource`,
    only: {
      BearerTokenAuthenticationEnabled: 'logs:PutBearerTokenAuthentication',
      DataProtectionPolicy: `firehose:TagDeliveryStream logs:CreateLogDelivery logs:DeleteDataProtectionPolicy
        logs:PutDataProtectionPolicy`,
      DeletionProtectionEnabled: 'logs:PutLogGroupDeletionProtection',
      FieldIndexPolicies: 'logs:DeleteIndexPolicy logs:PutIndexPolicy',
      KmsKeyId: 'logs:AssociateKmsKey logs:DisassociateKmsKey',
      ResourcePolicyDocument: 'logs:DeleteResourcePolicy logs:PutResourcePolicy',
    },
  },
  'AWS::S3::Bucket': {
    always: `s3:CreateBucket s3:DeleteBucket s3:GetAccelerateConfiguration s3:GetAnalyticsConfiguration s3:GetBucketAbac
      s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketMetadataTableConfiguration
      s3:GetBucketNotification s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls
      s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite
      s3:GetEncryptionConfiguration s3:GetIntelligentTieringConfiguration s3:GetInventoryConfiguration
      s3:GetLifecycleConfiguration s3:GetMetricsConfiguration s3:GetReplicationConfiguration s3:ListBucket
      s3:ListTagsForResource s3:PutBucketLogging s3:PutBucketNotification s3:PutBucketOwnershipControls
      s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:PutBucketVersioning s3:PutEncryptionConfiguration
      s3:PutLifecycleConfiguration s3:TagResource s3:UntagResource`,
    only: {
      AbacStatus: 's3:PutBucketAbac',
      AccelerateConfiguration: 's3:PutAccelerateConfiguration',
      AccessControl: 's3:PutBucketAcl s3:PutObjectAcl',
      AnalyticsConfigurations: 's3:PutAnalyticsConfiguration',
      CorsConfiguration: 's3:PutBucketCORS',
      IntelligentTieringConfigurations: 's3:PutIntelligentTieringConfiguration',
      InventoryConfigurations: 's3:PutInventoryConfiguration',
      MetadataConfiguration: `s3:UpdateBucketMetadataAnnotationTableConfiguration
        s3:UpdateBucketMetadataInventoryTableConfiguration s3:UpdateBucketMetadataJournalTableConfiguration`,
      MetadataTableConfiguration: `s3:CreateBucketMetadataTableConfiguration s3:DeleteBucketMetadataTableConfiguration
        s3tables:CreateNamespace s3tables:CreateTable s3tables:CreateTableBucket s3tables:GetTable
        s3tables:GetTableMetadataLocation s3tables:PutTableBucketPolicy s3tables:PutTableEncryption
        s3tables:PutTablePolicy s3tables:UpdateTableMetadataLocation`,
      MetricsConfigurations: 's3:PutMetricsConfiguration',
      ObjectLockConfiguration: 's3:PutBucketObjectLockConfiguration',
      ReplicationConfiguration: 'iam:PassRole s3:DeleteObject s3:PutReplicationConfiguration',
      WebsiteConfiguration: 's3:DeleteBucketWebsite s3:PutBucketWebsite',
    },
  },
  'AWS::S3::BucketPolicy': { always: 's3:DeleteBucketPolicy s3:GetBucketPolicy s3:PutBucketPolicy' },
  'AWS::SNS::Subscription': {
    always: 'sns:GetSubscriptionAttributes sns:SetSubscriptionAttributes sns:Subscribe sns:Unsubscribe',
    only: { SubscriptionRoleArn: 'iam:GetRole iam:PassRole' },
  },
  'AWS::SNS::Topic': {
    always: `sns:CreateTopic sns:DeleteTopic sns:GetDataProtectionPolicy sns:GetTopicAttributes
      sns:ListSubscriptionsByTopic sns:ListTagsForResource sns:SetTopicAttributes sns:TagResource sns:UntagResource`,
    only: {
      DataProtectionPolicy: 'sns:PutDataProtectionPolicy',
      DeliveryStatusLogging: 'iam:GetRole iam:PassRole',
      Subscription: 'sns:Subscribe sns:Unsubscribe',
    },
  },
  'AWS::SNS::TopicPolicy': { always: 'sns:SetTopicAttributes' },
  'AWS::SQS::Queue': {
    always: `sqs:CreateQueue sqs:DeleteQueue sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags
      sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue`,
  },
  'AWS::SQS::QueuePolicy': { always: 'sqs:SetQueueAttributes' },
};
