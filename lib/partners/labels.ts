import type { ModelDefinition } from './definition.ts';

/** The name of the call of the offer service, which no model can have. */
export const OFFER = 'offer';
/** What people and columns call it. */
export const OFFER_LABEL = 'OFFER';

/** What people and columns call a model: its label, else its name in capitals. */
export function labelOf(name: string, { label = name.toUpperCase() }: Pick<ModelDefinition, 'label'>): string {
  return label;
}
