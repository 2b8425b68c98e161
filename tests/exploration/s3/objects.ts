import { createHash } from 'node:crypto';
import type { WriteConditions } from '../../../local/s3/conditions.ts';
import { type Cause, type Change as ChangeOf, Objects, type Version } from '../../../local/s3/objects.ts';

export type Change = ChangeOf<Buffer>;
export type Present = Version<Buffer>;

/** What is stored beside the bytes. */
export interface Properties {
  /** Unless given, that of an object that came as a whole. */
  etag?: string | undefined;
  metadata?: Record<string, string> | undefined;
  contentType?: string | undefined;
}

const METADATA = 'x-amz-meta-';

/** The local S3's objects, with their bytes in memory, too. */
export class MemoryObjects {
  readonly #objects: Objects<Buffer>;
  /** Writes so far. */
  writes = 0;
  /** Is told of every change, when it is done. */
  onChange: (change: Change) => void = () => undefined;

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number, { isVersioned = false } = {}) {
    this.#objects = new Objects({
      clock,
      nextSequencer: () => (++this.writes).toString(16).toUpperCase().padStart(16, '0'),
      versioning: isVersioned ? 'Enabled' : undefined,
      onChange: (change) => this.onChange(change),
    });
  }

  get isVersioned(): boolean {
    return this.#objects.isVersioned;
  }

  find(key: string, versionId?: string): Present | undefined {
    return this.#objects.find(key, versionId);
  }

  list(prefix = '', after = ''): Present[] {
    return [...this.#objects.list(prefix, after)];
  }

  /** @throws S3Error as `Objects.put` */
  put(
    key: string,
    body: Buffer,
    properties: Properties,
    conditions: WriteConditions = {},
    cause: Cause = 'Put',
  ): Present {
    const { etag = md5(body), metadata = {}, contentType } = properties;
    const headers = { ...(contentType === undefined ? {} : { 'content-type': contentType }), ...asHeaders(metadata) };
    return this.#objects.put(key, { body, size: body.length, etag, headers }, conditions, cause);
  }

  /** @throws S3Error as `Objects.delete` */
  delete(key: string, conditions: WriteConditions = {}): void {
    this.#objects.delete(key, conditions);
  }
}

/** What an object's writer noted beside its bytes. */
export function propertiesOf({ headers }: Present): Pick<Properties, 'metadata' | 'contentType'> {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  return {
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice(METADATA.length), value])),
    contentType: headers['content-type'],
  };
}

export function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

function asHeaders(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [METADATA + name.toLowerCase(), value]));
}
