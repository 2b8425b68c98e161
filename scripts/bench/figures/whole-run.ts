import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { REPORTS_PREFIX, uploadKey } from '../../../lib/run/keys.ts';
import { type Summary, summarySchema } from '../../../lib/run/summary.ts';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { readStack } from '../../../local/stack.ts';
import { count } from '../../../local/terminal/units.ts';
import { type StackProcess, startStackProcess } from '../../shared/stack-process.ts';
import { localTarget, type Target } from '../../shared/target.ts';
import type { Figure } from '../figure.ts';
import { BATCHED, BATCHED_ROWS, endpointRate } from '../load.ts';
import { inRounds, spreadOfRounds } from '../rounds.ts';

const REQUESTS_PER_MEMBER = 3;

/** Runs before the measurement, so that the functions' code is compiled, as on a stack that is used for long. */
const WARM_UPS = 5;

/**
 * The pause between two looks for the report grows with the time that has passed, because a look takes processor time
 * from the run.
 */
const SHORTEST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;
const PAUSE_SHARE = 0.05;

/** Starts a local stack like that of `npm start`, warms it up, and measures whole runs on it. */
export class WholeRuns {
  readonly #stack: StackProcess;
  readonly #target: Target;
  #drops = 0;

  private constructor(stack: StackProcess) {
    this.#stack = stack;
    this.#target = localTarget(stack.directory);
  }

  static async start(warmUpFile: string, asOf: string, signal: AbortSignal): Promise<WholeRuns> {
    const runs = new WholeRuns(await startStackProcess(signal));
    await inRounds(WARM_UPS, () => runs.#drop(warmUpFile, asOf));
    return runs;
  }

  /** The time from the drop to the report, as a multiple of the time that the endpoints need for as many requests. */
  async ratio(
    figure: Pick<Figure, 'name' | 'target'>,
    { path, asOf, rounds }: { path: string; asOf: string; rounds: number },
  ): Promise<Figure> {
    const endpoints = readStack(this.#stack.directory)?.endpoints;
    if (endpoints === undefined) throw new Error('the local stack has ended');
    const results = await inRounds(rounds, async () => {
      const rate = await endpointRate(endpoints);
      const { ms, summary } = await this.#drop(path, asOf);
      return { ms, summary, ideal: (summary.members.total * REQUESTS_PER_MEMBER * 1000) / rate };
    });
    const [ms, ideal] = [
      spreadOfRounds(results.map((result) => result.ms)),
      spreadOfRounds(results.map(({ ideal }) => ideal)),
    ];
    const members = results[0]?.summary.members.total ?? 0;
    const phases = results.at(-1)?.summary.phases.map(({ phase, durationMs }) => `${phase} ${seconds(durationMs)}`);
    return {
      ...figure,
      value: spreadOfRounds(results.map((result) => result.ms / result.ideal)),
      detail: `${count(members)} members; ${seconds(ms.median)} s, endpoints alone ${seconds(ideal.median)} s; the last: ${phases?.join(', ')}`,
    };
  }

  /** The time from the drop to the report where requests have several members, seconds. */
  async batchedSeconds({ path, asOf, rounds }: { path: string; asOf: string; rounds: number }): Promise<Figure> {
    const results = await inRounds(rounds, () => this.#drop(path, asOf, BATCHED));
    const { members, phases } = results.at(-1)?.summary ?? { members: { total: 0 }, phases: [] };
    return {
      name: 'large run, batched, s',
      value: spreadOfRounds(results.map(({ ms }) => ms / 1000)),
      target: { atMost: 20 },
      detail: `${count(members.total)} members, ${BATCHED_ROWS} per request; the last: ${phases.map(({ phase, durationMs }) => `${phase} ${seconds(durationMs)}`).join(', ')}`,
    };
  }

  async stop(): Promise<void> {
    await this.#stack.stop();
  }

  /** Drops a file and waits for `summary.json`, which is written last. */
  async #drop(path: string, asOf: string, named?: string): Promise<{ ms: number; summary: Summary }> {
    const { s3, bucket: name } = this.#target;
    const bucket = new Bucket(s3, name);
    this.#drops += 1;
    // Each drop has a partner of its own, so that the search for its report does not get slower.
    const partner = named ?? `bench-${this.#drops}`;
    const source = uploadKey(partner, `members-${this.#drops}.csv`);
    const startedAt = performance.now();
    const upload = { Bucket: name, Key: source, Body: createReadStream(path) };
    await new Upload({ client: s3, params: { ...upload, Metadata: { 'as-of': asOf } } }).done();
    for (;;) {
      for await (const { key } of bucket.objects(`${REPORTS_PREFIX}${partner}/`)) {
        if (!key.endsWith('/summary.json')) continue;
        const ms = performance.now() - startedAt;
        const summary = await bucket.readJson(key, summarySchema);
        if (summary.source.key !== source) continue;
        if (summary.status !== 'COMPLETE')
          throw new Error(`the run of ${path} is ${summary.status}: ${summary.reason}`);
        return { ms, summary };
      }
      this.#target.assertAlive();
      await pause(pauseAfter(performance.now() - startedAt));
    }
  }
}

function pauseAfter(ms: number): number {
  return Math.min(Math.max(SHORTEST_PAUSE_MS, ms * PAUSE_SHARE), MAX_PAUSE_MS);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
