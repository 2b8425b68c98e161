/** What the latency table calls its other rows: no feature and no model can be called so. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'read',
  'transform',
  'write batches',
  'offer',
  'total',
  'wait',
  'wait features',
  'wait predict',
  'wait report',
  'report',
]);

/**
 * What a member's outcome has besides predictions, what has failed where no call has, and what partners' headers are kept
 * under: no model can be called so.
 */
export const RESERVED_FOR_MODELS: ReadonlySet<string> = new Set(['status', 'failures', 'predict', 'partners']);
