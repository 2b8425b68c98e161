import { inWords } from '../../lib/calls.ts';
import { variablesOf } from '../../lib/partners/model-checks.ts';
import { mistakesIn, partnersIn } from '../../lib/partners/partner-folder.ts';
import type { Serverless } from '../serverless.ts';

/** Looks at the partner files. @throws when one cannot be used: it is read only when its partner drops something */
export function checkPartnerFiles({ serviceDir }: Pick<Serverless, 'serviceDir'>): void {
  const mistakes = mistakesIn(serviceDir);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
}

/**
 * Looks at what is about to be packaged.
 * @throws when predict would not have the address that a partner file names: a line for each file
 */
export function checkPartnerAddresses({ serviceDir, service }: Pick<Serverless, 'serviceDir' | 'service'>): void {
  const { names, read } = partnersIn(serviceDir);
  const environment = service.functions.predict?.environment ?? {};
  const problems = names.flatMap((name) => {
    const { file, definition } = read(name);
    const missing = variablesOf(definition).filter((variable) => !environment[variable]);
    return missing.length === 0
      ? []
      : [
          `partners/${file}: predict is not given ${inWords(missing)}. List ${missing.length > 1 ? 'them' : 'it'} in serverless.yml, in the environment of predict, and set ${missing.length > 1 ? 'them' : 'it'}.`,
        ];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
