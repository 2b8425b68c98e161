import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { AccessKeys } from './access-keys.ts';
import { S3Error } from './errors.ts';
import { assertPolicy } from './form-policy.ts';
import { storedHeadersOf } from './headers.ts';
import { Measured } from './measured.ts';
import { versionHeaders } from './object-reads.ts';
import { locationOf, type S3Answer, type S3Request } from './requests.ts';
import type { LocalObject, Store } from './store.ts';
import { toXml } from './xml.ts';

/** Bytes of all fields that come before the file: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html */
const MAX_FIELD_BYTES = 20 * 1024;

/** Stands for the name that the file has on the person's machine. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is S3's
const FILE_NAME = '${filename}';

/** What a form holds: fields by names in lower case, and the file behind them, which is to be read. */
interface Form {
  fields: Map<string, string>;
  file: Readable;
}

/** Whether a request is the upload of a page's form, which is signed within. */
export function isForm({ method, key, headers }: S3Request): boolean {
  return method === 'POST' && key === '' && (headers['content-type'] ?? '').startsWith('multipart/form-data');
}

/**
 * PostObject.
 *
 * @throws S3Error MalformedPOSTRequest, InvalidArgument, EntityTooSmall, EntityTooLarge, and as `assertPolicy` and `Objects.put`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function postObject(request: S3Request, store: Store, keys: AccessKeys): Promise<S3Answer> {
  const { bucket } = request;
  const { fields, file } = await formOf(request);
  // A policy may name the bucket, which is no field.
  const [min, max] = assertPolicy(new Map([...fields, ['bucket', bucket]]), keys, Date.now());
  store.bucket(bucket);
  const headers = storedHeadersOf(Object.fromEntries(fields));
  const key = fields.get('key') ?? '';
  if (key === '') throw new S3Error('InvalidArgument', 'Bucket POST must contain a field named "key".');
  const measured = new Measured();
  const body = await store.bodies.write(limited(measured, file, min, max));
  const content = { body, size: measured.size, etag: measured.md5, headers };
  return answerOf(request, fields, store.put(bucket, key, content, {}, 'Post'));
}

async function* limited(measured: Measured, file: Readable, min: number, max: number): AsyncGenerator<Buffer> {
  for await (const chunk of measured.of(bytesOf(file))) {
    if (measured.size > max) throw tooMuch('EntityTooLarge', measured.size, { MaxSizeAllowed: max });
    yield chunk;
  }
  if (measured.size < min) throw tooMuch('EntityTooSmall', measured.size, { MinSizeAllowed: min });
}

async function* bytesOf(file: Readable): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch (error) {
    throw unreadable(error);
  }
}

function tooMuch(code: 'EntityTooLarge' | 'EntityTooSmall', size: number, limit: Record<string, number>): S3Error {
  return new S3Error(code, 'Your proposed upload is not of a size that the policy allows.', {
    ProposedSize: size,
    ...limit,
  });
}

/** Fields behind the file are ignored, as S3 does. */
function formOf({ headers, body }: S3Request): Promise<Form> {
  const { promise, resolve, reject } = Promise.withResolvers<Form>();
  const parser = parserOf(headers['content-type'] ?? '');
  const fields = new Map<string, string>();
  parser.on('field', (name, value) => fields.set(name.toLowerCase(), value));
  parser.on('file', (_, file, fileName?: string) => {
    // Whoever reads it hears of it; of a form that is refused nobody does.
    file.on('error', () => {});
    const key = fields.get('key')?.replaceAll(FILE_NAME, () => fileName ?? '');
    resolve({ fields: new Map(key === undefined ? fields : [...fields, ['key', key]]), file });
  });
  parser.on('finish', () => {
    reject(new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.'));
  });
  pipeline(Readable.from(body), parser).catch((error: unknown) => reject(unreadable(error)));
  return promise;
}

function parserOf(contentType: string): BusboyInstance {
  const limits = { fieldSize: MAX_FIELD_BYTES, files: 1 };
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile: (name) => name === 'file' });
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): S3Error {
  const problem = error instanceof Error ? error.message : String(error);
  return new S3Error('MalformedPOSTRequest', `The body is not well-formed multipart/form-data: ${problem}`);
}

/** An address to go on to, or a status, is the form's to choose. */
function answerOf(request: S3Request, fields: Form['fields'], object: LocalObject): S3Answer {
  const { bucket } = request;
  const { key, etag, versionId } = object;
  const location = locationOf(request, key);
  const told = { etag: `"${etag}"`, location, ...versionHeaders(versionId) };
  const redirect = fields.get('success_action_redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const address = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag: `"${etag}"` }))
      address.searchParams.set(name, value);
    return { status: 303, headers: { ...told, location: address.href } };
  }
  const status = fields.get('success_action_status');
  if (status === '200') return { headers: told };
  if (status !== '201') return { status: 204, headers: told };
  const result = { Location: location, Bucket: bucket, Key: key, ETag: `"${etag}"` };
  return { status: 201, headers: told, body: toXml('PostResponse', result) };
}
