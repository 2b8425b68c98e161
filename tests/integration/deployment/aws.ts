import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { REGION } from './packaging.ts';
import { ACCOUNT } from './template.ts';

/** What a request asks to be allowed; `*` is an action that knows no resources. */
export interface Demand {
  action: string;
  on: string;
}

interface AwsOptions {
  /** As whoever signs the requests is allowed to do; the others are answered as AWS does. */
  allows: (demand: Demand) => boolean;
  /** Address of an S3 that holds the packages. */
  s3: string;
  /** The name of its bucket. */
  bucket: string;
  /** Whether there is a stack from the start. */
  hasStack: boolean;
}

/**
 * Takes the requests of a deployment as AWS does: CloudFormation makes whatever it is told to at once, Lambda has no
 * function yet, and all of it goes by what is allowed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
 */
export async function startAws(options: AwsOptions) {
  const demands: Demand[] = [];
  const cloudFormation = stackOf(options);
  const server = createServer(async (request, response) => {
    const [, service = ''] = /Credential=[^/]*\/\d+\/[^/]*\/([^/]*)\//.exec(request.headers.authorization ?? '') ?? [];
    const body = await buffer(request);
    const needed = demandsOf(service, request, body.toString());
    demands.push(...needed);
    const refused = needed.find((demand) => !options.allows(demand));
    if (refused !== undefined) return refuse(service, refused, response);
    if (service === 's3') return forward(request, body, options.s3, response);
    if (service === 'lambda') return answer(response, 404, '{}', { 'x-amzn-errortype': 'ResourceNotFoundException' });
    const parameters = new URLSearchParams(body.toString());
    return cloudFormation(parameters.get('Action') ?? '', parameters, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** All that was asked for, allowed or not. */
    demands,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function demandsOf(service: string, request: IncomingMessage, body: string): Demand[] {
  if (service === 's3') return s3Demands(request, body);
  if (service === 'lambda') {
    const [, name] = /\/functions\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    return [{ action: 'lambda:GetFunction', on: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}` }];
  }
  const parameters = new URLSearchParams(body);
  const action = parameters.get('Action') ?? '';
  // Whoever has signed may ask who that is.
  if (service === 'sts') return [];
  if (action === 'ValidateTemplate') return [{ action: `${service}:${action}`, on: '*' }];
  const name = parameters.get('StackName') ?? '';
  const on = name.startsWith('arn:') ? name : stackArn(name);
  const tags = parameters.has('Tags.member.1.Key') ? [{ action: `${service}:TagResource`, on }] : [];
  return [{ action: `${service}:${action}`, on }, ...tags];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function s3Demands({ method, url = '' }: IncomingMessage, body: string): Demand[] {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', ...parts] = decodeURIComponent(pathname).split('/');
  const key = parts.join('/');
  const on = (objectKey: string) => `arn:aws:s3:::${bucket}/${objectKey}`;
  if (searchParams.has('delete')) {
    return [...body.matchAll(/<Key>([^<]*)/g)].map(([, each = '']) => ({ action: 's3:DeleteObject', on: on(each) }));
  }
  if (key === '') return [{ action: 's3:ListBucket', on: `arn:aws:s3:::${bucket}` }];
  return [{ action: method === 'GET' || method === 'HEAD' ? 's3:GetObject' : 's3:PutObject', on: on(key) }];
}

/** A stack's life, as answers to the query protocol. */
function stackOf({ bucket, hasStack }: AwsOptions) {
  let exists = hasStack;
  let operation = 'CREATE';
  const event = (status: string, id: string) =>
    `<member><EventId>${id}</EventId><ResourceType>AWS::CloudFormation::Stack</ResourceType><StackName>s</StackName><LogicalResourceId>s</LogicalResourceId><ResourceStatus>${operation}_${status}</ResourceStatus></member>`;
  const results: Record<string, (name: string) => string> = {
    GetCallerIdentity: () => `<Account>${ACCOUNT}</Account><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/d/s</Arn>`,
    DescribeStacks: () =>
      '<Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs></Outputs></member></Stacks>',
    CreateChangeSet: (name) => `<StackId>${stackArn(name)}</StackId>`,
    DescribeChangeSet: (name) => `<StackId>${stackArn(name)}</StackId><Status>CREATE_COMPLETE</Status>`,
    DescribeStackEvents: () => `<StackEvents>${event('COMPLETE', '2')}${event('IN_PROGRESS', '1')}</StackEvents>`,
    DescribeStackResource: () =>
      `<StackResourceDetail><PhysicalResourceId>${bucket}</PhysicalResourceId></StackResourceDetail>`,
  };
  return (action: string, parameters: URLSearchParams, response: ServerResponse): void => {
    const name = parameters.get('StackName') ?? '';
    const result = `<${action}Result>${results[action]?.(name) ?? ''}</${action}Result>`;
    operation = parameters.get('ChangeSetType') ?? operation;
    if (action === 'DescribeStacks' && !exists) {
      answer(response, 400, failure('ValidationError', `Stack with id ${name} does not exist`));
    } else {
      answer(response, 200, `<${action}Response>${result}</${action}Response>`);
    }
    if (action === 'ExecuteChangeSet') exists = true;
  };
}

function stackArn(name: string): string {
  return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/1a2b3c4d`;
}

function failure(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

function refuse(service: string, { action, on }: Demand, response: ServerResponse): void {
  const message = `not authorized to perform: ${action} on resource: ${on}`;
  if (service === 'lambda') {
    answer(response, 403, JSON.stringify({ message }), { 'x-amzn-errortype': 'AccessDeniedException' });
  } else if (service === 's3') {
    answer(response, 403, `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
  } else {
    answer(response, 403, failure('AccessDenied', message));
  }
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/xml', ...headers });
  response.end(body);
}

function forward({ method, url, headers }: IncomingMessage, body: Buffer, to: string, response: ServerResponse): void {
  const { hostname, port } = new URL(to);
  const onward = send({ hostname, port, method, path: url, headers }, (received) => {
    response.writeHead(received.statusCode ?? 500, received.headers);
    received.pipe(response);
  });
  onward.once('error', (error) => response.destroy(error));
  onward.end(body);
}
