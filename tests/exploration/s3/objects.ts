import { createHash } from 'node:crypto';
import { keyTooLong, noSuchKey, preconditionFailed } from './errors.ts';

/** Longest key, bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;

/** An object as it was stored, or a delete marker, which has no body. */
export interface Version {
  key: string;
  body: Buffer | undefined;
  /** Without quotes. */
  etag: string;
  metadata: Record<string, string>;
  contentType: string | undefined;
  /** Milliseconds since the epoch. */
  storedAt: number;
  /** Of two writes to a key the later one has the greater one, as a text. */
  sequencer: string;
  versionId: string;
}

/** An object that is there. */
export type Present = Version & { body: Buffer };

export type Cause = 'Put' | 'Copy' | 'CompleteMultipartUpload' | 'Delete';

/** What one operation has done to a key. */
export interface Change {
  cause: Cause;
  key: string;
  before: Present | undefined;
  after: Present | undefined;
}

/** On what a write depends, as the headers of these names have it. */
export interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}

/** What is stored beside the bytes. */
export interface Properties {
  etag?: string | undefined;
  metadata?: Record<string, string> | undefined;
  contentType?: string | undefined;
}

/**
 * One bucket in memory, as consistent as S3: a write that has been answered is seen by every read and listing after it.
 * Keeps all versions; whether callers are told of them is `isVersioned`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export class MemoryObjects {
  readonly #versions = new Map<string, Version[]>();
  readonly #clock: () => number;
  readonly isVersioned: boolean;
  /** Writes so far. */
  writes = 0;
  /** Is told of every change, when it is done. */
  onChange: (change: Change) => void = () => undefined;

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number, { isVersioned = false } = {}) {
    this.#clock = clock;
    this.isVersioned = isVersioned;
  }

  /** The latest version, or one by its id; undefined when there is none or it is a delete marker. */
  find(key: string, versionId?: string): Present | undefined {
    const versions = this.#versions.get(key) ?? [];
    const version = versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
    return version !== undefined && isPresent(version) ? version : undefined;
  }

  /** Objects with a prefix, in the order of their keys' bytes. */
  list(prefix = '', after = ''): Present[] {
    const keys = [...this.#versions.keys()].filter((key) => key.startsWith(prefix) && compareBytes(key, after) > 0);
    return keys.toSorted(compareBytes).flatMap((key) => this.find(key) ?? []);
  }

  /** @throws 412 or 404 when a condition does not hold, 400 when the key is too long */
  put(key: string, body: Buffer, properties: Properties, conditions: Conditions = {}, cause: Cause = 'Put'): Present {
    if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) throw keyTooLong(key);
    this.assertConditions(key, conditions);
    const { etag = md5(body), metadata = {}, contentType } = properties;
    const version = { ...this.#stamp(key), body, etag, metadata: lowerCased(metadata), contentType };
    this.#add(version, cause);
    return version;
  }

  /** Of what is not there nothing is deleted, and nobody is told. @throws 412 when the condition does not hold */
  delete(key: string, conditions: Conditions = {}): void {
    this.assertConditions(key, conditions);
    const marker = { ...this.#stamp(key), body: undefined, etag: '', metadata: {}, contentType: undefined };
    if (this.find(key) !== undefined) this.#add(marker, 'Delete');
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
  assertConditions(key: string, { IfMatch, IfNoneMatch }: Conditions): void {
    const there = this.find(key);
    if (IfNoneMatch !== undefined && there !== undefined) throw preconditionFailed(key);
    if (IfMatch === undefined) return;
    if (there === undefined) throw noSuchKey(key);
    if (IfMatch !== '*' && unquoted(IfMatch) !== there.etag) throw preconditionFailed(key);
  }

  #stamp(key: string): Pick<Version, 'key' | 'storedAt' | 'sequencer' | 'versionId'> {
    this.writes += 1;
    const sequencer = this.writes.toString(16).toUpperCase().padStart(16, '0');
    return { key, storedAt: this.#clock(), sequencer, versionId: `v${this.writes}` };
  }

  #add(version: Version, cause: Cause): void {
    const { key } = version;
    const before = this.find(key);
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
    this.onChange({ cause, key, before, after: this.find(key) });
  }
}

export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

export function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

function isPresent(version: Version): version is Present {
  return version.body !== undefined;
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function lowerCased(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}
