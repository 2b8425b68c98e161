import { waited } from '../timing/clock.ts';
import { CONTRACT_VERSION, FIRST_CALLS } from './contract-version.ts';
import type { Manifest } from './contracts.ts';
import { partnerOf, runIdOf } from './keys.ts';
import type { ObjectCreated } from './object-created.ts';

/**
 * A manifest for an upload that has not been read yet.
 * @param startedAt when the handler began, milliseconds since the epoch
 */
export function draftManifest(upload: ObjectCreated, startedAt: number): Manifest {
  const { bucket, key, etag, createdAt } = upload;
  return {
    version: CONTRACT_VERSION,
    runId: runIdOf(upload),
    partner: partnerOf(key),
    source: { bucket, key },
    etag,
    asOf: null,
    rows: { read: 0, accepted: 0, rejected: 0, imputed: 0 },
    members: 0,
    batches: 0,
    features: [],
    calls: [...FIRST_CALLS],
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(startedAt).toISOString(),
    wait: waited(createdAt, startedAt),
    steps: [],
  };
}
