import type { Calls } from '../../calls.ts';
import type { Usage } from '../../cost/usage.ts';
import { callsPartOf } from '../../partners/definition.ts';
import { mapNames } from '../../registry.ts';
import { CONTRACT_VERSION } from '../../run/contract-version.ts';
import type { Manifest, Result, ScoredMember } from '../../run/contracts.ts';
import { outputKey } from '../../run/keys.ts';
import { OUTPUTS_BESIDE_SUMMARY } from '../../run/outputs.ts';
import { callsOfRun } from '../../run/run-definition.ts';
import type { Summary } from '../../run/summary.ts';
import type { Span } from '../../timing/clock.ts';
import { StepTimer } from '../../timing/step-timer.ts';
import { REPORT } from '../../timing/steps.ts';
import type { RejectedRow } from '../../transactions/row-account.ts';
import { Expectations, type ExpectedSettings, expectedOf } from './expectations.ts';
import { type LatencyBin, LatencyBins } from './latency-bins.ts';
import { type PredictionCell, Predictions } from './predictions.ts';
import { RunCost } from './run-cost.ts';
import { SlowestMembers } from './slowest.ts';
import { Tally, timed } from './tally.ts';
import { type Lane, Timeline } from './timeline.ts';

const MAX_SLOW_MEMBERS = 20;

/** The figures of a run for the workbook and the page. Their size does not depend on the number of members. */
export interface RunFigures {
  summary: Summary;
  /** The slowest member comes first. */
  slowestMembers: readonly ScoredMember[];
  latencyBins: LatencyBin[];
  predictionCells: PredictionCell[];
  lanes: Lane[];
}

/** Works out a run's figures in one pass over its results and rejected rows. */
export class FiguresCollector {
  readonly #manifest: Manifest;
  /** From the completion's creation to the report's handler. */
  readonly #wait: Span;
  readonly #calls: Calls;
  readonly #tally: Tally;
  readonly #predictions: Predictions;
  readonly #latencies: LatencyBins;
  readonly #slowest = new SlowestMembers(MAX_SLOW_MEMBERS);
  readonly #timeline = new Timeline();
  readonly #cost = new RunCost();
  readonly #expectations: Expectations;

  /** @param expected of the predictions, where it is not what the run's definition says */
  constructor(manifest: Manifest, wait: Span, expected: ExpectedSettings = {}) {
    this.#calls = callsOfRun(manifest);
    this.#tally = new Tally(this.#calls);
    this.#predictions = new Predictions(this.#calls);
    this.#latencies = new LatencyBins(this.#calls.all.map(({ name }) => name));
    this.#expectations = new Expectations(expectedOf(this.#calls.models, expected));
    this.#manifest = manifest;
    this.#wait = wait;
    this.#tally.addWait('features', manifest.wait);
    this.#tally.addWait('report', wait);
    this.#cost.add('features', manifest.usage);
  }

  /** Adds the facts of a batch as a whole. Its members are added one by one with `addMember`. */
  addBatch(result: Result): void {
    this.#tally.addBatch(result);
    this.#timeline.addBatch(result);
    this.#cost.add('predict', result.usage);
  }

  addMember(member: ScoredMember): void {
    this.#tally.addMember(member);
    for (const { name } of this.#calls.all) {
      const durationMs = timed(member, name);
      if (durationMs !== undefined) this.#latencies.observe(name, durationMs);
    }
    this.#slowest.add(member);
    const { outcome } = member;
    this.#expectations.add(outcome);
    if (outcome.status === 'SCORED') this.#predictions.add(outcome);
  }

  addRejected(row: RejectedRow): void {
    this.#tally.addRejected(row);
  }

  /**
   * @param endedAt when the report's own step ended, milliseconds since the epoch
   * @param usage of the report function; undefined when it is not known
   */
  figures(endedAt: number, usage?: Usage): RunFigures {
    if (usage !== undefined) this.#cost.add('report', usage);
    const report = { from: this.#wait.to, to: endedAt };
    const completed = { wait: this.#wait, report };
    return {
      summary: { ...this.#summary(report), ...(usage && { cost: this.#cost.cost() }) },
      slowestMembers: this.#slowest.members,
      latencyBins: this.#latencies.bins(),
      predictionCells: this.#predictions.grid(),
      lanes: this.#timeline.lanes(this.#manifest, completed),
    };
  }

  #summary(report: Span): Summary {
    const { runId, partner, source, asOf, rows, losses, understood, startedAt, partnerFile } = this.#manifest;
    const timer = new StepTimer(REPORT);
    timer.add(report, this.#tally.members.total);
    const phases = this.#timeline.phases(this.#manifest, { wait: this.#wait, report });
    const predictions = this.#predictions.spreads();
    return {
      version: CONTRACT_VERSION,
      runId,
      partner,
      source,
      asOf,
      ...this.#tally.verdict(this.#manifest),
      ...(partnerFile && { partnerFile: { file: partnerFile.file, digest: partnerFile.digest } }),
      rows,
      ...(losses && { losses }),
      ...(partnerFile && { maxRejectedShare: partnerFile.definition.input.maxRejectedShare }),
      ...(understood && { understood }),
      rejections: this.#tally.rejections,
      members: this.#tally.members,
      ...this.#predictions.offers(),
      ...(partnerFile && { definition: callsPartOf(partnerFile.definition) }),
      ...(predictions && { predictions }),
      ...this.#expectations.found(),
      boundaries: this.#predictions.boundaries(),
      requests: this.#tally.requests,
      failures: this.#tally.failures,
      elapsedMs: phases.reduce((sum, { durationMs }) => sum + durationMs, 0),
      phases,
      steps: [...this.#tally.steps(this.#manifest), timer.statistics()],
      startedAt,
      finishedAt: new Date(report.to).toISOString(),
      outputs: mapNames(OUTPUTS_BESIDE_SUMMARY, (output) => outputKey(partner, runId, output)),
    };
  }
}
