/** What S3's event says about an object that was created. It is the same when S3 delivers the event again. */
export interface ObjectCreated {
  bucket: string;
  /** The key as it is in the bucket, decoded. */
  key: string;
  /** Without quotes. */
  etag: string;
  /** Size of the object. */
  bytes?: number | undefined;
  /** S3's ordering mark for writes to the same key. */
  sequencer: string;
  /** When S3 stored the object, UTC. */
  createdAt: Date;
  /** Undefined when the bucket keeps no versions. */
  versionId?: string | undefined;
}
