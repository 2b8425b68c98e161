import { checksumHeaders } from './checksums.ts';
import { writeConditionsOf } from './conditions.ts';
import { S3Error } from './errors.ts';
import { storedHeadersOf } from './headers.ts';
import { versionHeaders } from './object-reads.ts';
import { assertKey } from './objects.ts';
import { receive } from './received.ts';
import type { S3Answer, S3Request } from './requests.ts';
import type { Store } from './store.ts';

/** PutObject. @throws S3Error InvalidArgument, and as `receive`, `storedHeadersOf` and `Objects.put` */
export async function putObject(request: S3Request, store: Store): Promise<S3Answer> {
  const { bucket, key, query } = request;
  store.bucket(bucket);
  // It would be the whole object.
  if (query.has('partNumber'))
    throw new S3Error('InvalidArgument', 'A part needs the uploadId of what it is a part of.');
  assertKey(key);
  const headers = storedHeadersOf(request.headers);
  const conditions = writeConditionsOf(request.headers);
  const { body, size, md5, checksum } = await receive(request, store.bodies);
  const whole = checksum && { ...checksum, type: 'FULL_OBJECT' as const };
  const { versionId } = store.put(bucket, key, { body, size, etag: md5, headers, checksum: whole }, conditions, 'Put');
  return { headers: { etag: `"${md5}"`, ...versionHeaders(versionId), ...checksumHeaders(whole) } };
}
