import type { Call } from '../../lib/calls.ts';
import { OFFER } from '../../lib/partners/labels.ts';

/** Where a call stands in the partner's file: `models.ats`, `offer`. */
export function keyOf({ name }: Pick<Call, 'name'>): string {
  return name === OFFER ? OFFER : `models.${name}`;
}
