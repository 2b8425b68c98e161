import type { Checksum } from './checksums.ts';
import { assertWritable, type Conditioned, type WriteConditions } from './conditions.ts';
import { S3Error } from './errors.ts';

/** Bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Of every version of a bucket without versioning, and of what was stored while it was suspended. */
export const NULL_VERSION = 'null';

/** What is stored under a key. `Body` is where its bytes are, or they themselves. */
export interface Content<Body> {
  body: Body;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  etag: string;
  /** By names in lower case: `content-type` and the like, and `x-amz-meta-*`. */
  headers: Readonly<Record<string, string>>;
  checksum?: Checksum | undefined;
  /** Bytes of each part of what was uploaded in parts. */
  parts?: readonly number[] | undefined;
}

/** An object as it was stored once. */
export interface Version<Body> extends Conditioned, Content<Body> {
  key: string;
  versionId: string;
  /** Of two writes to a key the later one has the greater one, as a text. */
  sequencer: string;
}

/** What hides the versions of a key that was deleted. */
export type DeleteMarker = Pick<Version<never>, 'key' | 'versionId' | 'sequencer' | 'storedAt'>;

export type Entry<Body> = Version<Body> | DeleteMarker;

export type Versioning = 'Enabled' | 'Suspended';

export type Cause = 'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload' | 'Delete';

/** What one operation has done to a key. */
export interface Change<Body> {
  cause: Cause;
  key: string;
  before: Version<Body> | undefined;
  after: Version<Body> | undefined;
}

export interface ObjectsOptions<Body> {
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** Greater than each before it, as a text. */
  nextSequencer: () => string;
  versioning?: Versioning | undefined;
  /** Is told of every change, when it is done. */
  onChange?: (change: Change<Body>) => void;
  /** Is told of what was stored, before anybody can read it. */
  onStore?: (entry: Entry<Body>) => void;
  /** Is told of what is gone for good, and whether something stored took its place. */
  onDrop?: (entry: Entry<Body>, isReplaced: boolean) => void;
}

/**
 * One bucket's objects, as consistent as S3: a write that has been answered is seen by every read and listing after it.
 * Every operation is one synchronous step, so that of writes on condition exactly one succeeds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export class Objects<Body> {
  readonly #options: ObjectsOptions<Body>;
  /** Of each key, the oldest first. */
  readonly #entries = new Map<string, Entry<Body>[]>();
  /** In order. */
  readonly #keys: string[] = [];
  /** Whether what is overwritten is kept: `Suspended` when it once was; undefined when it never was. */
  versioning: Versioning | undefined;

  constructor(options: ObjectsOptions<Body>) {
    this.#options = options;
    this.versioning = options.versioning;
  }

  get isVersioned(): boolean {
    return this.versioning === 'Enabled';
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** The latest version, or one by its id; undefined when there is none or it is a delete marker. */
  find(key: string, versionId?: string): Version<Body> | undefined {
    const entry = this.entry(key, versionId);
    return entry !== undefined && isVersion(entry) ? entry : undefined;
  }

  /** As `find`, with delete markers. */
  entry(key: string, versionId?: string): Entry<Body> | undefined {
    const entries = this.#entries.get(key);
    return versionId === undefined ? entries?.at(-1) : entries?.find((one) => one.versionId === versionId);
  }

  /** Objects with a prefix whose keys come after one, in the order of their keys' bytes. */
  *list(prefix = '', after = ''): Generator<Version<Body>> {
    for (const key of this.#keysFrom(prefix, after)) {
      const version = this.find(key);
      if (version !== undefined) yield version;
    }
  }

  /** All that is kept of keys with a prefix, by key, the newest of each first. @param from the first key */
  *entries(prefix = '', from = ''): Generator<Entry<Body>> {
    for (const key of this.#keysFrom(prefix, from, true)) yield* (this.#entries.get(key) ?? []).toReversed();
  }

  /** @throws S3Error PreconditionFailed or NoSuchKey when a condition does not hold, KeyTooLongError */
  put(key: string, content: Content<Body>, conditions: WriteConditions = {}, cause: Cause = 'Put'): Version<Body> {
    assertKey(key);
    const before = this.find(key);
    assertWritable(conditions, key, before);
    const version = { ...content, ...this.#stamp(key) };
    this.#store(version, { cause, key, before, after: version });
    return version;
  }

  /**
   * Of what is not there nothing is deleted, and nobody is told, but a bucket with versions notes it.
   *
   * @param versionId to remove for good
   * @returns the delete marker that this made, or removed
   * @throws S3Error PreconditionFailed or NoSuchKey when the condition does not hold
   */
  delete(key: string, conditions: WriteConditions = {}, versionId?: string): DeleteMarker | undefined {
    const before = this.find(key);
    assertWritable(conditions, key, before);
    if (versionId === undefined && this.versioning !== undefined) {
      const marker = this.#stamp(key);
      this.#store(marker, before && { cause: 'Delete', key, before, after: undefined });
      return marker;
    }
    const dropped = this.#drop(key, versionId ?? NULL_VERSION);
    const after = this.find(key);
    if (before !== undefined && before !== after) this.#options.onChange?.({ cause: 'Delete', key, before, after });
    return dropped !== undefined && !isVersion(dropped) ? dropped : undefined;
  }

  /** Puts back what was stored before, in the order in which it was. */
  restore(entry: Entry<Body>): void {
    this.#add(entry);
  }

  #stamp(key: string): DeleteMarker {
    const sequencer = this.#options.nextSequencer();
    const versionId = this.isVersioned ? sequencer.toLowerCase() : NULL_VERSION;
    return { key, versionId, sequencer, storedAt: this.#options.clock() };
  }

  #store(entry: Entry<Body>, change: Change<Body> | undefined): void {
    this.#options.onStore?.(entry);
    this.#add(entry);
    if (change !== undefined) this.#options.onChange?.(change);
  }

  #add(entry: Entry<Body>): void {
    const { key, versionId } = entry;
    this.#drop(key, versionId, true);
    const entries = this.#entries.get(key);
    if (entries !== undefined) {
      entries.push(entry);
      return;
    }
    this.#entries.set(key, [entry]);
    this.#keys.splice(this.#indexOf(key), 0, key);
  }

  #drop(key: string, versionId: string, isReplaced = false): Entry<Body> | undefined {
    const entries = this.#entries.get(key) ?? [];
    const index = entries.findIndex((entry) => entry.versionId === versionId);
    const [dropped] = index === -1 ? [] : entries.splice(index, 1);
    if (dropped === undefined) return undefined;
    this.#options.onDrop?.(dropped, isReplaced);
    if (entries.length === 0 && !isReplaced) {
      this.#entries.delete(key);
      this.#keys.splice(this.#indexOf(key), 1);
    }
    return dropped;
  }

  *#keysFrom(prefix: string, after: string, isIncluded = false): Generator<string> {
    const from = compareKeys(prefix, after) > 0 ? prefix : after;
    for (let index = this.#indexOf(from); index < this.#keys.length; index++) {
      const key = this.#keys[index] ?? '';
      if (!key.startsWith(prefix)) return;
      if (isIncluded || key !== after) yield key;
    }
  }

  /** Of the first key that is not before this one. */
  #indexOf(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function isVersion<Body>(entry: Entry<Body>): entry is Version<Body> {
  return 'body' in entry;
}

/** By their bytes, as S3 lists them. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** @throws S3Error KeyTooLongError */
export function assertKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return;
  throw new S3Error('KeyTooLongError', 'Your key is too long.', { Size: size, MaxSizeAllowed: MAX_KEY_BYTES });
}
