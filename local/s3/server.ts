import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { guard, HOST } from '../process/guard.ts';
import { portOf } from '../process/ports.ts';
import { type AccessKeys, accessKeysIn } from './access-keys.ts';
import { authenticate } from './authentication.ts';
import { REGION } from './bucket-operations.ts';
import { S3Error } from './errors.ts';
import { isForm, postObject } from './form-uploads.ts';
import { Measured } from './measured.ts';
import { findObject } from './object-reads.ts';
import type { Versioning } from './objects.ts';
import { perform } from './operations.ts';
import { requestOf, type S3Answer } from './requests.ts';
import { contentHashOf, SignedChunks } from './signatures.ts';
import { type CreatedObject, Store } from './store.ts';
import { toXml } from './xml.ts';

/** What has no body says nothing of its length: https://www.rfc-editor.org/rfc/rfc9110#name-content-length */
const BODILESS = [204, 304];

export interface LocalS3Options {
  /** Where the objects and the keys are kept; they outlive the server. */
  directory: string;
  /** 0 for any free one. */
  port: number;
  /** The bucket that is there from the start. */
  bucket: string;
  /** Whether that bucket keeps what is overwritten or deleted; unless given, as it was. */
  versioning?: Versioning | undefined;
  /** Called for every object once it can be read, in the order of their creation. It must not throw. */
  onObjectCreated?: (object: CreatedObject) => void;
}

export interface LocalS3 {
  /** With an IP address, with which every client uses path-style addresses unasked. */
  endpoint: string;
  region: string;
  /** Of the one account. What is not signed with them is refused. */
  credentials: AccessKeys;
  bucket: string;
  /** Stores an object, past HTTP, unless there is one of this key. Tells whether it did. */
  createIfAbsent(key: string, open: () => Readable): Promise<boolean>;
  /** An object's text, past HTTP. @throws S3Error NoSuchKey */
  read(key: string): Promise<string>;
  /** Stops at once; requests under way are cut off. */
  close(): Promise<void>;
}

/**
 * Starts an S3 on this machine that raises an event for every object, takes uploads of any current client, and writes
 * whole objects or none.
 *
 * @throws the error of listen (EADDRINUSE, EACCES) when the port cannot be had, or when the directory holds another's files
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { bucket, directory, versioning, onObjectCreated } = options;
  const store = new Store(directory, onObjectCreated ?? (() => {}));
  store.createBucket(bucket);
  if (versioning !== undefined) store.setVersioning(bucket, versioning);
  const credentials = accessKeysIn(join(directory, 'keys.json'));
  const server = serverOf((message, response) => respond(message, response, store, credentials));
  await listen(guard(server), options.port);
  return {
    endpoint: `http://${HOST}:${portOf(server)}`,
    region: REGION,
    credentials,
    bucket,
    createIfAbsent: (key, open) => createIfAbsent(store, bucket, key, open),
    read: (key) => read(store, bucket, key),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      store.close();
    },
  };
}

async function read(store: Store, bucket: string, key: string): Promise<string> {
  const { body } = findObject(store, bucket, key, null);
  return Buffer.concat(await Array.fromAsync(store.bodies.readAll([body]))).toString();
}

async function createIfAbsent(store: Store, bucket: string, key: string, open: () => Readable): Promise<boolean> {
  if (store.bucket(bucket).objects.find(key) !== undefined) return false;
  const measured = new Measured();
  const body = await store.bodies.write(measured.of(open()));
  const content = { body, size: measured.size, etag: measured.md5, headers: {} };
  try {
    store.put(bucket, key, content, { ifNoneMatch: '*' }, 'Put');
    return true;
  } catch (error) {
    if (error instanceof S3Error && error.code === 'PreconditionFailed') return false;
    throw error;
  }
}

/** Who waits to be told to send a body is told so when it is wanted, and is refused before. */
function serverOf(respond: (message: IncomingMessage, response: ServerResponse) => Promise<void>): Server {
  const server = createServer(respond);
  return server.on('checkContinue', respond);
}

async function listen(server: Server, port: number): Promise<void> {
  // Clients keep connections for reuse; one that is closed under them costs a retry.
  server.keepAliveTimeout = 60_000;
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  server.listen(port, HOST);
  await once(server, 'listening');
}

async function respond(message: IncomingMessage, response: ServerResponse, store: Store, keys: AccessKeys) {
  const id = randomBytes(8).toString('hex').toUpperCase();
  const body = await answerTo(message, response, store, keys)
    .then((answer) => begin(response, answer, id))
    .catch((error: unknown) => begin(response, errorAnswer(error, message, id), id));
  // So that the connection can be used again, also when whoever read it has stopped in the middle.
  message.removeAllListeners('readable').resume();
  if (body instanceof Readable) await pipeline(body, response).catch(() => undefined);
  else response.end(message.method === 'HEAD' ? undefined : body);
}

/** @returns the body, which is to follow @throws when HTTP cannot carry a header, before anything is sent */
function begin(response: ServerResponse, { status = 200, headers = {}, body = '' }: S3Answer, id: string) {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const all = { 'x-amz-request-id': id, ...lengthOf(status, body), ...headers };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) response.setHeader(name, value);
  response.writeHead(status);
  return body;
}

function lengthOf(status: number, body: string | Readable): Record<string, string | number> {
  if (typeof body !== 'string' || BODILESS.includes(status)) return {};
  return { 'content-length': Buffer.byteLength(body), ...(body === '' ? {} : { 'content-type': 'application/xml' }) };
}

async function answerTo(
  message: IncomingMessage,
  response: ServerResponse,
  store: Store,
  keys: AccessKeys,
): Promise<S3Answer> {
  const request = { ...requestOf(message), body: bodyOf(message, response) };
  if (isForm(request)) return postObject(request, store, keys);
  const claim = authenticate(request, keys, Date.now());
  const isSigned = contentHashOf(request).startsWith('STREAMING-AWS4-');
  const signatures = isSigned ? new SignedChunks(claim, keys.secretAccessKey) : undefined;
  return perform({ ...request, signatures }, store);
}

async function* bodyOf(message: IncomingMessage, response: ServerResponse): AsyncGenerator<Buffer> {
  if (message.headers.expect !== undefined) response.writeContinue();
  // What is refused is read to its end, so that its sender gets to hear why.
  yield* message.iterator({ destroyOnReturn: false });
}

/** What is no answer of S3's is an error of this program, unless the client has gone away. */
function errorAnswer(error: unknown, { url = '', socket }: IncomingMessage, id: string): S3Answer {
  if (!(error instanceof S3Error) && !socket.destroyed) console.error('Local S3:', error);
  const known = error instanceof S3Error ? error : new S3Error('InternalError', 'We encountered an internal error.');
  const { code, message: Message, status, headers, details } = known;
  if (status === 304) return { status, headers };
  return { status, headers, body: toXml('Error', { Code: code, Message, Resource: url, ...details, RequestId: id }) };
}
