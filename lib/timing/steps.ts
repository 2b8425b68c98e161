import type { StepKind } from './step-timer.ts';

/** The service's stages, in their order. Each is a Lambda function of the same name. */
export const STAGES = ['features', 'predict', 'report'] as const;
export type Stage = (typeof STAGES)[number];

/** The steps of the stages that are timed. Each feature and each call is a step as well, by its name. */
export const READ = { step: 'read', unit: 'file', items: 'rows' } as const satisfies StepKind;
export const TRANSFORM = { step: 'transform', unit: 'file', items: 'members' } as const satisfies StepKind;
export const WRITE_BATCHES = { step: 'write batches', unit: 'object', items: 'members' } as const satisfies StepKind;
export const REPORT = { step: 'report', unit: 'file', items: 'members' } as const satisfies StepKind;

/** The steps of the features stage, in order. */
export const FEATURES_STEPS = [READ, TRANSFORM, WRITE_BATCHES] as const;

/** The step of all calls for a member together. */
export const TOTAL = 'total';

/** The steps in which objects wait for the stage that they start: over all stages, and by stage. */
export const WAIT = 'wait';
export type Wait = typeof WAIT | `${typeof WAIT} ${Stage}`;

export function waitFor<S extends Stage>(stage: S): `${typeof WAIT} ${S}` {
  return `${WAIT} ${stage}` as const;
}

/** The phases of a run from the upload to the report, one after the other. */
export const PHASE = {
  waitFeatures: waitFor('features'),
  features: 'features',
  scoring: 'scoring',
  waitReport: waitFor('report'),
  report: 'report',
} as const;
export const PHASES = [PHASE.waitFeatures, PHASE.features, PHASE.scoring, PHASE.waitReport, PHASE.report] as const;
