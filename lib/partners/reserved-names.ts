import { FEATURES_STEPS, REPORT, STAGES, TOTAL, WAIT, waitFor } from '../timing/steps.ts';
import { OFFER } from './labels.ts';

/** What the latency table calls its other rows: no feature and no model can be called so. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...FEATURES_STEPS.map(({ step }) => step),
  OFFER,
  TOTAL,
  WAIT,
  ...STAGES.map(waitFor),
  REPORT.step,
]);

/**
 * What a member's outcome has besides predictions, what has failed where no call has, and what partners' headers are kept
 * under: no model can be called so.
 */
export const RESERVED_FOR_MODELS: ReadonlySet<string> = new Set(['status', 'failures', 'predict', 'partners']);
