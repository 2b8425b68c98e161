import type * as z from 'zod';
import { type Batch, batchSchema, type Manifest, manifestSchema, resultSchema } from '../../../lib/run/contracts.ts';
import {
  batchPrefix,
  endKey,
  manifestKey,
  REPORTS_PREFIX,
  resultPrefix,
  roundOf,
  roundPrefix,
} from '../../../lib/run/keys.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { type Harness, stateOf } from '../harness.ts';

/** Where all results lie, of all rounds. */
export const RESULTS_PREFIX = resultPrefix('').slice(0, -1);

/** The run that a key is about: `results/<runId>.round2/00001.json`, `runs/<runId>/manifest.json`. */
export function runIdIn(key: string): string {
  return /\d{8}T\d{6}Z-[0-9a-f]{8}/.exec(key)?.[0] ?? '';
}

/** The round that a key is about, by its name: `<runId>`, or `<runId>.round2`. */
export function roundIn(key: string): string {
  return /\d{8}T\d{6}Z-[0-9a-f]{8}(?:\.round\d+)?/.exec(key)?.[0] ?? '';
}

/** A stored JSON object; undefined when it is not there. */
export function stored<T>(harness: Harness, key: string, schema: z.ZodType<T>): T | undefined {
  const object = harness.objects.find(key);
  return object === undefined ? undefined : schema.parse(JSON.parse(object.body.toString()));
}

export function manifestOf(harness: Harness, runId: string): Manifest | undefined {
  return stored(harness, manifestKey(runId), manifestSchema);
}

/** All that there are. */
export function manifestsIn(harness: Harness): Manifest[] {
  return harness.runIds.flatMap((runId) => manifestOf(harness, runId) ?? []);
}

/** What a run has to read: a file, or the parts that it has fixed. */
export function filesOf(harness: Harness, { runId, parts }: Manifest): string[] {
  if (parts === undefined) return [harness.uploads.get(runId) ?? ''];
  return parts.map((part) => harness.parts.get(stateOf(part)) ?? '');
}

export function summaryOf(harness: Harness, runId: string): Summary | undefined {
  const object = harness.objects.list(REPORTS_PREFIX).find(({ key }) => key.endsWith(`/${runId}/summary.json`));
  return object && summarySchema.parse(JSON.parse(object.body.toString()));
}

/** Whether a summary only says that the report could not be written. */
export function isFailedReport({ edition }: Summary): boolean {
  return edition?.failed === true;
}

/** Batches of the first round. */
export function batchesOf(harness: Harness, runId: string): Batch[] {
  return harness.objects.list(batchPrefix(runId)).map(({ body }) => batchSchema.parse(JSON.parse(body.toString())));
}

/** Members that any result of any round has as scored. */
export function scoredIn(harness: Harness, runId: string): Set<string> {
  const results = harness.objects.list(`${RESULTS_PREFIX}${runId}`).map(({ body }) => JSON.parse(body.toString()));
  const members = results.flatMap((result) => resultSchema.parse(result).members);
  return new Set(members.filter(({ outcome }) => outcome.status === 'SCORED').map(({ memberId }) => memberId));
}

/** Whether anything but the upload says that this run has begun. */
export function hasBegun(harness: Harness, runId: string): boolean {
  return harness.objects.list().some(({ key }) => key.includes(runId));
}

/** Whether the newest round of a run has its report, and whoever wants to know has been told of it. */
export function hasEnded(harness: Harness, runId: string): boolean {
  const rounds = harness.objects.list(roundPrefix(runId)).map(({ key }) => roundOf(key) ?? 1);
  return harness.objects.find(endKey(runId, Math.max(1, ...rounds))) !== undefined;
}
