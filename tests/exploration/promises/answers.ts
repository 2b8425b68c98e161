import type { Manifest } from '../../../lib/run/contracts.ts';
import { timestampOf, UPLOADS_PREFIX } from '../../../lib/run/keys.ts';
import { folderOf, uploadKind } from '../../../lib/run/upload-kinds.ts';
import { type Harness, stateOf } from '../harness.ts';
import type { Present } from '../s3/objects.ts';
import { STALLED } from '../service.ts';
import { manifestsIn } from './runs.ts';

/** A part that is so much newer than a run is taken for one that was there: clocks differ. */
const CLOCK_TOLERANCE_MS = 10_000;

/** Uploads that no run has read or told of. */
export function unansweredIn(harness: Harness): Present[] {
  const manifests = manifestsIn(harness);
  const uploads = harness.objects.list(UPLOADS_PREFIX);
  return uploads.filter((upload) => !manifests.some((manifest) => isAnsweredBy(manifest, upload)));
}

/** Parts are told of by a schedule, after they have waited for others. */
export function isDue(harness: Harness, upload: Present): boolean {
  if (!isPart(upload)) return true;
  const others = harness.objects.list(folderOf(upload.key)).filter(isPart);
  const from = Math.max(...others.map(({ storedAt }) => storedAt)) + STALLED.stalledAfterMs;
  const schedules = harness.invocations.filter(({ name }) => name.startsWith('schedule'));
  return schedules.some(({ ending, startedAt }) => ending === 'returned' && startedAt > from);
}

function isAnsweredBy({ source, etag, parts, reason, runId }: Manifest, upload: Present): boolean {
  if (source.key === upload.key && etag === upload.etag) return true;
  if (!isPart(upload)) return false;
  if (parts !== undefined) return parts.some((part) => stateOf(part) === stateOf(upload));
  // Of parts that waited in vain, or when the folder could not be looked into.
  const isOfFolder = folderOf(source.key) === folderOf(upload.key);
  return reason !== undefined && isOfFolder && runId >= timestampOf(new Date(upload.storedAt - CLOCK_TOLERANCE_MS));
}

function isPart({ key, size }: Present): boolean {
  return uploadKind({ key, bytes: size }) === 'part';
}
