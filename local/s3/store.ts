import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isBucketName } from '../deployment/bucket-name.ts';
import { Bodies } from './bodies.ts';
import type { WriteConditions } from './conditions.ts';
import { S3Error } from './errors.ts';
import { Journal, type JournalEvent } from './journal.ts';
import {
  type Cause,
  type Change,
  type Content,
  type Entry,
  isVersion,
  Objects,
  type Version,
  type Versioning,
} from './objects.ts';
import { sequence } from './sequence.ts';
import { Uploads } from './uploads.ts';

/** An object that has just become readable. */
export interface CreatedObject {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes, as GET and HEAD give it. */
  etag: string;
  cause: Exclude<Cause, 'Delete'>;
  /** Greater than that of every object before it. */
  sequencer: string;
  /** Undefined when the bucket keeps no versions. */
  versionId?: string | undefined;
  createdAt: Date;
}

/** Its bytes are in a file that `Bodies` has. */
export type LocalObject = Version<string>;

export interface StoredBucket {
  name: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  objects: Objects<string>;
  uploads: Uploads<string>;
}

/** Buckets and objects in a directory: bytes in files, all else in memory and in a journal from which it is read again. */
export class Store {
  readonly bodies: Bodies;
  readonly #journal: Journal;
  readonly #buckets = new Map<string, StoredBucket>();
  readonly #onCreated: (object: CreatedObject) => void;
  readonly #nextSequencer = sequence();
  /** What was stored before is told to nobody, and noted once only. */
  #isReading = true;

  /** @throws when the journal there cannot be read */
  constructor(directory: string, onCreated: (object: CreatedObject) => void) {
    mkdirSync(directory, { recursive: true });
    this.bodies = new Bodies(join(directory, 'bodies'));
    this.#journal = new Journal(join(directory, 'objects.jsonl'));
    this.#onCreated = onCreated;
    for (const event of this.#journal.read()) this.#replay(event);
    this.#isReading = false;
    const events = [...this.#events()];
    this.#journal.rewrite(events);
    this.bodies.removeAllBut(new Set(events.flatMap((event) => bodyIn(event) ?? [])));
  }

  get buckets(): StoredBucket[] {
    return [...this.#buckets.values()];
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): StoredBucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
    }
    return bucket;
  }

  /** Leaves one alone that is there. @throws S3Error InvalidBucketName */
  createBucket(name: string): void {
    if (this.#buckets.has(name)) return;
    if (!isBucketName(name))
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
    this.#note(this.#openBucket(name, Date.now()));
  }

  setVersioning(name: string, versioning: Versioning): void {
    const bucket = this.bucket(name);
    bucket.objects.versioning = versioning;
    this.#note(bucket);
  }

  /** With the uploads in parts that are under way. @throws S3Error NoSuchBucket, BucketNotEmpty */
  deleteBucket(name: string): void {
    const { objects, uploads } = this.bucket(name);
    if (!objects.isEmpty) throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
    for (const { key, id } of uploads.list()) uploads.end(key, id);
    this.#buckets.delete(name);
    this.#journal.append({ event: 'noBucket', bucket: name });
  }

  /** Its body is gone when it cannot be stored. @throws S3Error as `Objects.put` */
  put(bucket: string, key: string, content: Content<string>, conditions: WriteConditions, cause: Cause): LocalObject {
    try {
      return this.bucket(bucket).objects.put(key, content, conditions, cause);
    } catch (error) {
      this.bodies.remove(content.body);
      throw error;
    }
  }

  close(): void {
    this.#journal.close();
  }

  #openBucket(name: string, createdAt: number, versioning?: Versioning): StoredBucket {
    const objects = new Objects<string>({
      clock: Date.now,
      nextSequencer: this.#nextSequencer,
      versioning,
      onChange: (change) => this.#tell(name, change),
      onStore: (entry) => this.#append({ event: 'stored', bucket: name, entry }),
      onDrop: (entry, isReplaced) => this.#drop(name, entry, isReplaced),
    });
    const uploads = new Uploads<string>((body) => this.bodies.remove(body));
    const bucket = { name, createdAt, objects, uploads };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #note(bucket: StoredBucket): void {
    this.#append(bucketEvent(bucket));
  }

  #append(event: JournalEvent): void {
    if (!this.#isReading) this.#journal.append(event);
  }

  #drop(bucket: string, entry: Entry<string>, isReplaced: boolean): void {
    if (!isReplaced) this.#append({ event: 'dropped', bucket, key: entry.key, versionId: entry.versionId });
    if (isVersion(entry)) this.bodies.remove(entry.body);
  }

  #tell(bucket: string, { cause, after }: Change<string>): void {
    if (cause === 'Delete' || after === undefined) return;
    const { key, size, etag, sequencer, storedAt } = after;
    const versionId = this.bucket(bucket).objects.isVersioned ? after.versionId : undefined;
    this.#onCreated({ bucket, key, size, etag, cause, sequencer, versionId, createdAt: new Date(storedAt) });
  }

  #replay(event: JournalEvent): void {
    if (event.event === 'bucket') this.#replayBucket(event);
    else if (event.event === 'noBucket') this.#buckets.delete(event.bucket);
    else if (event.event === 'stored') this.bucket(event.bucket).objects.restore(event.entry);
    else this.bucket(event.bucket).objects.delete(event.key, {}, event.versionId);
  }

  #replayBucket({ bucket: name, createdAt, versioning }: JournalEvent & { event: 'bucket' }): void {
    const bucket = this.#buckets.get(name) ?? this.#openBucket(name, createdAt);
    bucket.objects.versioning = versioning;
  }

  *#events(): Generator<JournalEvent> {
    for (const bucket of this.#buckets.values()) {
      yield bucketEvent(bucket);
      const entries = [...bucket.objects.entries()].toSorted((a, b) => (a.sequencer < b.sequencer ? -1 : 1));
      for (const entry of entries) yield { event: 'stored', bucket: bucket.name, entry };
    }
  }
}

function bucketEvent({ name, createdAt, objects }: StoredBucket): JournalEvent {
  return { event: 'bucket', bucket: name, createdAt, versioning: objects.versioning };
}

function bodyIn(event: JournalEvent): string | undefined {
  return event.event === 'stored' && 'body' in event.entry ? event.entry.body : undefined;
}
