/** What S3 tells of an object that was created. It repeats the same when it delivers an event again. */
export interface ObjectCreated {
  bucket: string;
  /** As it is in the bucket. */
  key: string;
  /** Without quotes. */
  etag: string;
  /** S3's ordering mark for writes to the same key. */
  sequencer: string;
  /** When S3 stored the object, UTC. */
  createdAt: Date;
  /** Where the bucket keeps versions. */
  versionId?: string | undefined;
}
