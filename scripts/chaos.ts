import { resumeRun } from '../lib/stages/resume/resume-run.ts';
import { reviveStalled } from '../lib/stages/resume/stalled.ts';
import { formatDuration } from '../lib/timing/duration.ts';
import { readService } from '../local/lambda/service.ts';
import { count } from '../local/terminal/units.ts';
import { chaosCommandLine } from './chaos/arguments.ts';
import { Faults } from './chaos/faults.ts';
import { ChaosHarness } from './chaos/harness.ts';
import { type Expectation, expectationOf, judge, manifestsIn, type Verdict } from './chaos/verdict.ts';
import { sampleLines } from './sample/sample-rows.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';
import { randomFrom } from './shared/random.ts';
import { textTable } from './shared/text-table.ts';

const AS_OF = '2024-01-31';

/** The example that is read as default.yml is, and has requests with several rows. */
const BATCHES = 'batches';

/** The settings of the schedule. */
const STALLED = readService().stalled;

/** No run should need more rounds of `resume` than this. */
const MAX_ROUNDS = 30;

await runCommand(async () => {
  const options = readArguments(chaosCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const faults = new Faults(randomFrom(options.seed).fraction);
  const harness = await ChaosHarness.start(faults);
  const startedAt = performance.now();
  try {
    const expectations = await dropAll(harness, options);
    const rounds = await reviveUntilAllEnded(harness, expectations);
    const underFire = await judge(harness.bucket, expectations);
    faults.isOn = false;
    await resumeAll(harness);
    const afterwards = await judge(harness.bucket, expectations);
    print(faults, { underFire, afterwards });
    console.log(`\n${rounds} rounds of resume; ${formatDuration(performance.now() - startedAt)}; seed ${options.seed}`);
    return underFire.isGood && afterwards.isGood ? 0 : 1;
  } finally {
    await harness.stop();
  }
});

async function dropAll(
  harness: ChaosHarness,
  { runs, members, seed }: { runs: number; members: number; seed: number },
) {
  const expectations: Expectation[] = [];
  for (let run = 1; run <= runs; run++) {
    const file = [...sampleLines({ members, seed: seed * 1000 + run, asOf: AS_OF })].join('');
    // The other half goes in requests of several rows.
    const key = `uploads/${run % 2 === 0 ? BATCHES : 'chaos'}/${run}.csv`;
    expectations.push(await expectationOf(key, file, AS_OF));
    await harness.drop(key, file, AS_OF);
  }
  return expectations;
}

/** Resumes all runs, as a person does who knows that no function is at work. */
async function resumeAll(harness: ChaosHarness): Promise<void> {
  const { bucket } = harness;
  for (const { runId } of await manifestsIn(bucket)) {
    await resumeRun(bucket, runId, { retryFailed: true, quietSince: Date.now(), time: Date.now() });
  }
  await harness.idle();
}

/** Does what the schedule does: finds stopped runs and lost uploads and resumes them, until all runs have ended. */
async function reviveUntilAllEnded(harness: ChaosHarness, expectations: readonly Expectation[]): Promise<number> {
  const { bucket } = harness;
  for (let round = 0; ; round++) {
    await harness.idle();
    const { runs } = await judge(bucket, expectations);
    if (runs.hung === 0 || round === MAX_ROUNDS) return round;
    await reviveStalled(bucket, STALLED, Date.now() + 2 * STALLED.stalledAfterMs);
  }
}

function print(faults: Faults, { underFire, afterwards }: { underFire: Verdict; afterwards: Verdict }): void {
  const rows = [...faults.counts].map(([fault, times]) => [fault, count(times)]);
  console.log(textTable([['fault', 'times'], ...rows]).join('\n'));
  const figures = (verdict: Verdict) => [
    ...Object.values(verdict.runs),
    ...Object.values(verdict.rows),
    ...Object.values(verdict.members),
  ];
  const names = [
    ...Object.keys(underFire.runs).map((name) => `runs ${name}`),
    ...Object.keys(underFire.rows).map((name) => `rows ${name}`),
    ...Object.keys(underFire.members).map((name) => `members ${name}`),
  ];
  const [during, after] = [figures(underFire), figures(afterwards)];
  const cells = names.map((name, index) => [name, count(during[index] ?? 0), count(after[index] ?? 0)]);
  console.log(`\n${textTable([['', 'under fire', 'then resumed'], ...cells]).join('\n')}`);
}
