import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatDuration } from '../lib/timing/duration.ts';
import { type MutationOptions, mutationCommandLine } from './mutation/arguments.ts';
import { coverageOf } from './mutation/coverage.ts';
import { type Planted, plantMutants } from './mutation/mutants.ts';
import { type Judged, survivorText, tableOf } from './mutation/report.ts';
import { TestProcess } from './mutation/test-process.ts';
import { verdictOn } from './mutation/verdicts.ts';
import { readArguments } from './shared/arguments.ts';
import { CommandError, runCommand } from './shared/command.ts';

await runCommand(async (signal) => {
  const options = readArguments(mutationCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const from = performance.now();
  const files = await filesIn([options.folder], /(?<!\.d)\.ts$/);
  const tests = await filesIn(options.tests, /\.test\.ts$/);
  const directory = await mkdtemp(join(tmpdir(), 'member-offers-mutation-'));
  try {
    const judged = await judge(await plantMutants(files), directory, { ...options, tests }, signal);
    console.log(`\n${tableOf(judged, options.folder)}\n\n${formatDuration(performance.now() - from)}`);
    signal.throwIfAborted();
  } finally {
    await rm(directory, { recursive: true });
  }
  return 0;
});

async function judge(
  planted: Planted,
  directory: string,
  options: MutationOptions,
  signal: AbortSignal,
): Promise<Judged[]> {
  await write(planted.sources, directory);
  const first = new TestProcess(directory);
  const processes = [first, ...Array.from({ length: options.processes - 1 }, () => new TestProcess(directory))];
  const queue = planted.mutants.values();
  const judged: Judged[] = [];
  try {
    const coverage = await coverageOf(options.tests, first);
    const judgeAll = async (testProcess: TestProcess) => {
      for (const mutant of queue) {
        if (signal.aborted) return;
        const one = { ...mutant, verdict: await verdictOn(mutant, coverage, testProcess) };
        if (one.verdict === 'survived' || one.verdict === 'not covered') console.log(survivorText(one));
        judged.push(one);
      }
    };
    await Promise.all(processes.map(judgeAll));
  } finally {
    for (const testProcess of processes) testProcess.stop();
  }
  return judged;
}

async function write(sources: Planted['sources'], directory: string): Promise<void> {
  for (const [path, source] of sources) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), source);
  }
}

async function filesIn(paths: readonly string[], pattern: RegExp): Promise<string[]> {
  const found = await Promise.all(paths.map(filesBelow));
  const files = found.flat().filter((path) => pattern.test(path));
  if (files.length === 0) throw new CommandError(`${paths.join(', ')}: nothing there is called ${pattern.source}`);
  return files.toSorted();
}

async function filesBelow(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return stats === undefined ? [] : [path];
  return (await readdir(path, { recursive: true })).map((name) => join(path, name));
}
