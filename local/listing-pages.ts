import type { Middleware } from '@20minutes/s3rver';
import * as z from 'zod';

const listingSchema = z.object({
  ListBucketResult: z.looseObject({
    IsTruncated: z.boolean(),
    Contents: z.array(z.looseObject({ Key: z.string() })),
    CommonPrefixes: z.array(z.unknown()),
  }),
});

/**
 * Lists a bucket page by page (ListObjectsV2). The emulator encrypts the token for the next page with DES, which
 * OpenSSL no longer has, so that every listing of more than a page fails. Its version 1 listing, which goes on from a
 * key instead, works: a token here is just that key. Goes in front of the router.
 */
export function listingPages(): Middleware {
  return async (ctx, next) => {
    const { 'list-type': version, 'continuation-token': token, 'start-after': startAfter, ...others } = ctx.query;
    if (ctx.method !== 'GET' || version !== '2') return next();
    ctx.query = { ...others, marker: typeof token === 'string' ? keyOf(token) : startAfter };
    await next();
    const listing = listingSchema.safeParse(ctx.body);
    if (listing.success) ctx.body = { ListBucketResult: asVersion2(listing.data.ListBucketResult, token) };
  };
}

function asVersion2(
  result: z.infer<typeof listingSchema>['ListBucketResult'],
  ContinuationToken: string | string[] | undefined,
) {
  const last = result.Contents.at(-1)?.Key;
  return {
    ...result,
    Marker: undefined,
    NextMarker: undefined,
    KeyCount: result.Contents.length + result.CommonPrefixes.length,
    ContinuationToken,
    NextContinuationToken: result.IsTruncated && last !== undefined ? tokenOf(last) : undefined,
  };
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOf(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
