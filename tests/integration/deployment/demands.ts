import type { Demand } from './aws.ts';
import { HANDLERS } from './handlers.ts';
import { REGION } from './packaging.ts';
import { ACCOUNT, type Resource, type Template } from './template.ts';

/** Actions that know no resources, and one that CloudFormation asks for all of them. */
const OF_NO_RESOURCE = [
  'cloudwatch:DescribeAlarms',
  'logs:DescribeIndexPolicies',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
];

/** All that CloudFormation may ask for to look after a template's resources. @throws when it does not know a type */
export function demandsOf(template: Template, stack: string): Demand[] {
  const arns = new Arns(template, stack);
  return Object.entries(template.resources).flatMap(([name, resource]) => {
    const handlers = HANDLERS[resource.Type];
    if (handlers === undefined) throw new Error(`what ${resource.Type} needs is not known: add it to handlers.ts`);
    return handlers.always.split(/\s+/).flatMap((action) => {
      const resources = OF_NO_RESOURCE.includes(action) ? ['*'] : arns.of(name, resource, action);
      return resources.map((on) => ({ action, on }));
    });
  });
}

/** Names as AWS gives them: those in the template, or made of stack, logical id and chance. */
class Arns {
  readonly #template: Template;
  readonly #stack: string;

  constructor(template: Template, stack: string) {
    this.#template = template;
    this.#stack = stack;
  }

  of(name: string, { Type, Properties }: Resource, action: string): string[] {
    if (action === 'iam:PassRole') return [this.#role(logicalId(Properties.Role))];
    if (action === 's3:GetObject' || action === 's3:GetObjectVersion') return [this.#code(Properties.Code)];
    if (Type.startsWith('AWS::Lambda::')) return this.#functions(name, Properties);
    if (Type === 'AWS::Logs::LogGroup') return withAny(arn('logs', `log-group:${Properties.LogGroupName}`));
    if (Type === 'AWS::Events::Rule') return [arn('events', `rule/${this.#generated(name)}`)];
    if (Type === 'AWS::IAM::Role') return [this.#role(name)];
    if (Type === 'AWS::CloudWatch::Alarm') return [arn('cloudwatch', `alarm:${Properties.AlarmName}`)];
    if (Type === 'AWS::CloudWatch::Dashboard') {
      return [`arn:aws:cloudwatch::${ACCOUNT}:dashboard/${Properties.DashboardName}`];
    }
    if (Type.startsWith('AWS::S3::')) return [this.#bucket(String(Properties.Bucket ?? name))];
    if (Type.startsWith('AWS::SQS::')) return [arn('sqs', this.#generated(first(Properties.Queues) ?? name))];
    if (Type === 'AWS::SNS::Subscription') return this.#subscription(String(Properties.TopicArn), action);
    return [this.#topic(first(Properties.Topics) ?? name)];
  }

  #generated(name: string): string {
    return `${this.#stack}-${name}-1A2B3C4D5E6F`;
  }

  #role(name: string): string {
    return `arn:aws:iam::${ACCOUNT}:role/${this.#generated(name)}`;
  }

  #topic(name: string): string {
    return name.startsWith('arn:') ? name : arn('sns', this.#generated(name));
  }

  /** Only one that is there already has an ARN of its own. */
  #subscription(topic: string, action: string): string[] {
    return action === 'sns:Subscribe' ? [this.#topic(topic)] : [this.#topic(topic), `${this.#topic(topic)}:0b2f1c9e`];
  }

  #bucket(name: string): string {
    const { BucketName } = this.#template.properties(name);
    return `arn:aws:s3:::${BucketName ?? this.#generated(name).toLowerCase()}`;
  }

  #code(code: unknown): string {
    const { S3Bucket, S3Key } = Object(code);
    return `${this.#bucket(S3Bucket)}/${S3Key}`;
  }

  /** What belongs to a function is asked of that. */
  #functions(name: string, { FunctionName, TargetFunctionArn }: Record<string, unknown>): string[] {
    const owner = logicalId(TargetFunctionArn ?? FunctionName);
    const { FunctionName: physical } = this.#template.properties(owner in this.#template.resources ? owner : name);
    return withAny(arn('lambda', `function:${physical}`), '$LATEST');
  }
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

function withAny(text: string, part = '*'): string[] {
  return [text, `${text}:${part}`];
}

/** Of a reference that Template has worked out. */
function logicalId(reference: unknown): string {
  return String(reference).replace(/\.Arn$/, '');
}

function first(list: unknown): string | undefined {
  return Array.isArray(list) ? String(list[0]) : undefined;
}
