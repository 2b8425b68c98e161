import { Readable } from 'node:stream';
import type { Context, Middleware } from '@20minutes/s3rver';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { ObjectStore } from './objects.ts';
import { writeConditions } from './write-conditions.ts';

/** Makes the emulator understand what current SDKs and CLIs send. Goes in front of the router. */
export function clientRequests(store: ObjectStore): Middleware {
  return async (ctx, next) => {
    unwrapBody(ctx);
    respellCopySource(ctx);
    if (isAbort(ctx)) {
      await store.abortMultipart(bucketOf(ctx), uploadIdOf(ctx));
      ctx.status = 204;
      return;
    }
    if (isWrite(ctx)) ctx.store = store.onCondition(writeConditions(ctx.headers));
    await next();
  };
}

/** Streams come in chunks with a checksum behind them; the emulator knows only one of the dialects. */
function unwrapBody(ctx: Context): void {
  if (!String(ctx.headers['x-amz-content-sha256']).startsWith('STREAMING-')) return;
  const length = ctx.headers['x-amz-decoded-content-length'];
  ctx.req = Readable.from(decodeAwsChunked(ctx.req, length === undefined ? undefined : Number(length)), {
    objectMode: false,
  });
  ctx.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  // As S3 does: aws-chunked is of the transfer, anything else is of the object.
  const encodings = (ctx.headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const own = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  if (own.length > 0) ctx.headers['content-encoding'] = own.join(',');
  else delete ctx.headers['content-encoding'];
}

/** The emulator reads this header with decodeURI, which leaves `%2B` and the like as they are. */
function respellCopySource(ctx: Context): void {
  const source = ctx.headers['x-amz-copy-source'];
  if (typeof source === 'string') ctx.headers['x-amz-copy-source'] = encodeURI(decodeURIComponent(source));
}

function isWrite(ctx: Context): boolean {
  return ctx.method === 'PUT' || ctx.method === 'POST';
}

function isAbort(ctx: Context): boolean {
  return ctx.method === 'DELETE' && 'uploadId' in ctx.query;
}

function bucketOf(ctx: Context): string {
  return decodeURIComponent(ctx.path.split('/')[1] ?? '');
}

function uploadIdOf(ctx: Context): string {
  return String(ctx.query.uploadId);
}
