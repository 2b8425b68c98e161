import { inWords } from '../../lib/calls.ts';
import { isReferenceVariable } from '../../lib/endpoints/reference-calls.ts';
import { variablesOf } from '../../lib/partners/model-checks.ts';
import { insteadOf } from '../../lib/partners/nearest.ts';
import { mistakesIn, partnersIn } from '../../lib/partners/partner-folder.ts';
import { isExampleVariable } from '../../local/endpoints/example-calls.ts';
import { printable } from '../../local/terminal/printable.ts';
import { CommandError } from '../shared/command.ts';
import { PROJECT, projectPartner } from '../shared/project-partners.ts';
import { limitLines } from './limit-lines.ts';

/**
 * Says of one partner's file, or of all, that it can be used.
 * @throws CommandError that says what is wrong, a line for each mistake
 */
export function checkPartners(name: string | undefined): void {
  const { names } = partnersIn(PROJECT);
  if (name === undefined) {
    const mistakes = mistakesIn(PROJECT);
    if (mistakes.length > 0) throw new CommandError(mistakes.join('\n'));
  } else if (!names.includes(name)) {
    throw new CommandError(`there is no partners/${printable(name)}.yml; ${insteadOf(name, names)}`);
  }
  const checked = name === undefined ? names : [name];
  for (const one of checked) console.log(verdict(one));
}

/** That a partner's file can be used, and the limits that it has. @throws CommandError that says why it cannot */
export function verdict(name: string): string {
  const { file, digest, definition } = projectPartner(name);
  const { input, features, models, offer } = definition;
  const parts = [
    counted(input.fields, 'field'),
    counted(features, 'feature'),
    counted(models, 'model'),
    ...(offer === undefined ? [] : ['an offer']),
  ];
  const missing = variablesOf(definition).filter((variable) => !process.env[variable]);
  const isReference = missing.every((variable) => isReferenceVariable(variable) || isExampleVariable(variable));
  const addresses = isReference ? '' : `; not set here: ${inWords(missing)}`;
  return [`partners/${file}: OK, ${inWords(parts)} (${digest})${addresses}`, ...limitLines(definition)].join('\n');
}

function counted(group: object, one: string): string {
  const { length } = Object.keys(group);
  return `${length} ${one}${length === 1 ? '' : 's'}`;
}
