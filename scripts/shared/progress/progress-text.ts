import type { FailingEndpoint } from '../../../lib/run/progress.ts';
import { formatDuration } from '../../../lib/timing/duration.ts';
import { printable, whole } from '../../../local/terminal/printable.ts';
import { count } from '../../../local/terminal/units.ts';
import type { ScoringRate } from './progress-rate.ts';
import type { Look } from './run-watcher.ts';

/** The current phase of a run in words, with its progress if that is known. */
export interface ProgressPhase {
  name: string;
  /** Parts of a line, the most important first. */
  details: string[];
  amount?: { done: number; total?: number };
}

/** @param sent bytes so far, of `total` if that is known */
export function uploading(sent: number, total: number | undefined): ProgressPhase {
  if (total === undefined) return { name: 'uploading', details: [bytes(sent)], amount: { done: sent } };
  return { name: 'uploading', details: [`${bytes(sent)} of ${bytes(total)}`], amount: { done: sent, total } };
}

/** @param rate of the scoring; undefined when it is not known */
export function phaseOf(
  { manifest, rowsRead, results, members, failing, summary }: Look,
  rate: ScoringRate | undefined,
): ProgressPhase {
  if (!manifest) return reading(rowsRead);
  if (summary) return { name: 'done', details: [] };
  const { done, failed } = members;
  if (results >= manifest.batches) return { name: 'writing the report', details: failedText(failed) };
  const total = manifest.members;
  const details = [
    `${count(done)} of ${count(total)}`,
    ...failedText(failed),
    ...failingNames(failing),
    ...rateText(rate),
  ];
  return { name: 'scoring members', details, amount: { done, total } };
}

/** Says that calls to an endpoint fail, why, and how long the run still waits for it. */
export function failingText({
  call,
  label = call.toUpperCase(),
  address,
  problem,
  requests,
  givenUpInMs,
}: FailingEndpoint): string {
  const name = `${label} endpoint (${address})`;
  const failures = `${name} ${problem}; ${count(requests)} ${requests === 1 ? 'request' : 'requests in a row'} failed`;
  return whole(`${failures}; ${prospect(givenUpInMs)} (Ctrl-C ends this)`);
}

function prospect(givenUpInMs: number | undefined): string {
  if (givenUpInMs === undefined) return 'they are tried again';
  return givenUpInMs < 1000 ? 'the run no longer waits for it' : `the run waits for it ${timeLeft(givenUpInMs)} more`;
}

function failingNames(failing: readonly FailingEndpoint[] = []): string[] {
  if (failing.length === 0) return [];
  const names = failing.map(({ call, label = call.toUpperCase() }) => printable(label)).join(', ');
  const waits = failing.flatMap(({ givenUpInMs }) => (givenUpInMs === undefined ? [] : [givenUpInMs]));
  const waiting = waits.length === 0 ? '' : `, ${waitingText(Math.min(...waits))}`;
  return [`${names} ${failing.length === 1 ? 'fails' : 'fail'}${waiting}`];
}

function waitingText(leftMs: number): string {
  return leftMs < 1000 ? 'no longer waiting' : `waiting ${timeLeft(leftMs)} more`;
}

function reading(rows: number | undefined): ProgressPhase {
  const name = 'reading the file';
  return rows === undefined
    ? { name, details: [] }
    : { name, details: [`${count(rows)} rows`], amount: { done: rows } };
}

function failedText(failed: number): string[] {
  return failed === 0 ? [] : [`${count(failed)} failed`];
}

function rateText(rate: ScoringRate | undefined): string[] {
  if (rate === undefined) return [];
  const perSecond = rate.perSecond < 10 ? rate.perSecond.toFixed(1) : count(rate.perSecond);
  const left = rate.leftMs < 1000 ? [] : [`${timeLeft(rate.leftMs)} left`];
  return [...left, `${perSecond} members/s`];
}

/** An estimate, so whole seconds: `5 s`, `2 min 5 s`. */
function timeLeft(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

/** A number of bytes for people: `1 byte`, `12.3 kB`, `1.2 GB`. */
export function bytes(many: number): string {
  if (many < 1000) return `${many} ${many === 1 ? 'byte' : 'bytes'}`;
  // Each limit is where rounding goes up, so that nothing is written as 1000.0 kB.
  if (many < 999_950) return `${(many / 1e3).toFixed(1)} kB`;
  if (many < 999_950_000) return `${(many / 1e6).toFixed(1)} MB`;
  return `${(many / 1e9).toFixed(1)} GB`;
}
