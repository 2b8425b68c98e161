import type { StepKind } from '../timing/step-timer.ts';

/** The service's stages, in their order. Each is a Lambda function of the same name. */
export const STAGES = ['features', 'predict', 'report'] as const;
export type Stage = (typeof STAGES)[number];

/** What is timed of each stage; the features and the calls have steps of their own besides, by their names. */
export const READ = { step: 'read', unit: 'file', items: 'rows' } as const satisfies StepKind;
export const TRANSFORM = { step: 'transform', unit: 'file', items: 'members' } as const satisfies StepKind;
export const WRITE_BATCHES = { step: 'write batches', unit: 'object', items: 'members' } as const satisfies StepKind;
export const REPORT = { step: 'report', unit: 'file', items: 'members' } as const satisfies StepKind;

/** Those of the features stage, in their order. */
export const FEATURES_STEPS = [READ, TRANSFORM, WRITE_BATCHES] as const;

/** A member's calls together. */
export const TOTAL = 'total';

/** Waiting of objects for the stage that they start: in all, and by stage. */
export const WAIT = 'wait';
export type Wait = typeof WAIT | `${typeof WAIT} ${Stage}`;

export function waitFor<S extends Stage>(stage: S): `${typeof WAIT} ${S}` {
  return `${WAIT} ${stage}` as const;
}

/** The stretches that follow each other from the upload to the report, in their order. */
export const PHASE = {
  waitFeatures: waitFor('features'),
  features: 'features',
  scoring: 'scoring',
  waitReport: waitFor('report'),
  report: 'report',
} as const;
export const PHASES = [PHASE.waitFeatures, PHASE.features, PHASE.scoring, PHASE.waitReport, PHASE.report] as const;
