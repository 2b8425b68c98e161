import { callNames } from '../../calls.ts';
import { FIRST_DEFINITION } from '../../partners/first-definition.ts';
import type { Phase, Summary } from '../../run/summary.ts';
import type { Step } from '../../timing/step-timer.ts';
import { FEATURES_STEPS, PHASE, REPORT } from '../../timing/steps.ts';

const STEPS_OF_PHASE: Record<Exclude<Phase['phase'], typeof PHASE.scoring>, readonly string[]> = {
  [PHASE.waitFeatures]: [PHASE.waitFeatures],
  [PHASE.features]: FEATURES_STEPS.map(({ step }) => step),
  [PHASE.waitReport]: [PHASE.waitReport],
  [PHASE.report]: [REPORT.step],
};

/** Where a run spent most of its time. */
export interface SlowestStep {
  phase: Phase;
  /** Share of the run, 0 to 1. */
  share: number;
  /** The step of this phase with the longest mean duration. */
  step: Step;
}

/** The longest phase and its slowest step; undefined when no step of the phase was timed. */
export function slowestStep({
  phases,
  steps,
  elapsedMs,
  definition = FIRST_DEFINITION,
}: Pick<Summary, 'phases' | 'steps' | 'elapsedMs' | 'definition'>): SlowestStep | undefined {
  const [phase] = phases.toSorted((a, b) => b.durationMs - a.durationMs);
  if (phase === undefined || elapsedMs === 0) return undefined;
  const names = phase.phase === PHASE.scoring ? callNames(definition) : STEPS_OF_PHASE[phase.phase];
  const own = steps.filter((step) => step.count > 0 && names.includes(step.step));
  const [step] = own.toSorted((a, b) => b.meanMs - a.meanMs);
  return step && { phase, share: phase.durationMs / elapsedMs, step };
}
