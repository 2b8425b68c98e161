import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { type BenchOptions, benchCommandLine } from './bench/arguments.ts';
import { type Figure, figureRows } from './bench/figure.ts';
import { cost } from './bench/figures/cost.ts';
import { features } from './bench/figures/features.ts';
import { growth } from './bench/figures/growth.ts';
import { LARGE_MEMBERS } from './bench/figures/large.ts';
import { report } from './bench/figures/report.ts';
import {
  batchedSaturation,
  batchedScoring,
  saturation,
  slowBatched,
  slowSaturation,
} from './bench/figures/saturation.ts';
import { start } from './bench/figures/start.ts';
import { WholeRuns } from './bench/figures/whole-run.ts';
import { AS_OF, BenchHarness } from './bench/harness.ts';
import { Results } from './bench/results.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { textTable } from './shared/text-table.ts';

const OUT = 'out/bench.json';

/** Rounds of measurements that take long. */
const FEW_ROUNDS = 3;
const SMALL_MEMBERS = 990;

await runCommand(async (signal) => {
  const options = readArguments(benchCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const harness = await BenchHarness.open();
  const results = new Results();
  try {
    await measureAll(harness, options, { results, signal });
  } finally {
    await harness.close();
  }
  console.log(`\n${textTable(figureRows(results.figures)).join('\n')}`);
  if (results.bill.length > 0) console.log(`\n${results.bill.join('\n')}`);
  await mkdir('out', { recursive: true });
  await writeFile(OUT, `${JSON.stringify({ ...results.json(), machine: machine() }, null, 2)}\n`);
  console.log(`\n${machine()}; ${OUT}`);
  return 0;
});

async function measureAll(
  harness: BenchHarness,
  { groups, rounds, file, asOf }: BenchOptions,
  { results, signal }: { results: Results; signal: AbortSignal },
): Promise<void> {
  const few = Math.min(rounds, FEW_ROUNDS);
  if (groups.has('start')) {
    const { coldStartMs, bundleBytes } = await start(harness, 2 * rounds - 1);
    for (const [name, figure] of bundleBytes) results.add('bundleBytes', figure, name);
    for (const [name, figure] of coldStartMs) results.add('coldStartMs', figure, name);
  }
  if (groups.has('saturation')) results.add('saturation', await saturation(harness, rounds));
  if (groups.has('batched')) {
    results.add('saturationBatched', await batchedSaturation(harness, rounds));
    results.add('scoringBatched', await batchedScoring(harness, few));
  }
  const slow = groups.has('slow') || groups.has('cost') ? await slowSaturation(harness, few) : undefined;
  if (slow) results.add('saturationSlow', slow.figure);
  const read = groups.has('features') || groups.has('cost') ? await features(harness, few) : undefined;
  if (read) {
    results.add('featuresRatio', read.ratio);
    results.add('featuresPeakMb', read.peakMb);
  }
  if (groups.has('run') || groups.has('large') || groups.has('batched')) {
    const small = file ?? (await harness.file(SMALL_MEMBERS, 4));
    const runs = await WholeRuns.start(small, asOf, signal);
    try {
      if (groups.has('run')) {
        const figure: Pick<Figure, 'name' | 'target'> = { name: 'whole run ÷ endpoints', target: { atMost: 4 } };
        results.add('wholeRunRatio', await runs.ratio(figure, { path: small, asOf, rounds: 2 * rounds - 1 }));
      }
      if (groups.has('large')) {
        const figure: Pick<Figure, 'name' | 'target'> = { name: 'large run ÷ endpoints', target: { atMost: 1.25 } };
        const path = await harness.file(LARGE_MEMBERS, 2);
        results.add('wholeRunLargeRatio', await runs.ratio(figure, { path, asOf: AS_OF, rounds: Math.min(rounds, 2) }));
      }
      if (groups.has('batched')) {
        const path = await harness.file(LARGE_MEMBERS, 2);
        results.add('wholeRunBatchedSeconds', await runs.batchedSeconds({ path, asOf: AS_OF, rounds: few }));
      }
    } finally {
      await runs.stop();
    }
  }
  const written = groups.has('report') || groups.has('cost') ? await report(harness, few) : undefined;
  if (written) {
    results.add('reportRatio', written.ratio);
    results.add('reportPeakMb', written.peakMb);
  }
  if (groups.has('growth')) results.add('growthSpread', await growth(harness));
  if (groups.has('cost') && slow && read && written) {
    const { figure, text } = cost({ features: read.measurement, predict: slow, report: written.measurement });
    results.add('usdPerMillionMembers', figure);
    results.bill = text;
    const batched = cost({
      features: read.measurement,
      predict: await slowBatched(harness),
      report: written.measurement,
    });
    results.add('usdPerMillionMembersBatched', batched.figure);
    results.bill.push('', 'The same with many members per request:', '', ...batched.text);
  }
}

function machine(): string {
  const [processor] = cpus();
  const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
  return `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}, ${gigabytes} GiB, Node ${process.versions.node}`;
}
