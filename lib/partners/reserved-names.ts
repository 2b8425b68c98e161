/** What members and the latency table have under names of their own: no feature and no model can be called so. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'read',
  'transform',
  'write batches',
  'predict',
  'offer',
  'total',
  'wait',
  'wait features',
  'wait predict',
  'wait report',
  'report',
  'status',
  'failures',
]);
