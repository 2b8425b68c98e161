import { definitionShape } from './definition.ts';
import { checkFeatures } from './feature-checks.ts';
import { checkFields } from './field-checks.ts';
import { checkCalls } from './model-checks.ts';

/** What a partner file says, once it is right: all that it names is there, and of its type. */
export const definitionSchema = definitionShape.superRefine((definition, context) => {
  const report = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  checkFields(definition.input, report);
  checkFeatures(definition, report);
  checkCalls(definition, report);
});
