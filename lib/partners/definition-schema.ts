import { definitionShape } from './definition.ts';
import { checkFeatures } from './feature-checks.ts';
import { checkFields } from './field-checks.ts';

/** What a partner file says, once it is right: every field and value that a feature names is there, and of its type. */
export const definitionSchema = definitionShape.superRefine((definition, context) => {
  const report = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  checkFields(definition.input, report);
  checkFeatures(definition, report);
});
