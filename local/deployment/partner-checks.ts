import { inWords } from '../../lib/calls.ts';
import { variablesOf } from '../../lib/partners/model-checks.ts';
import { deployedPartnersIn, mistakesIn } from '../../lib/partners/partner-folder.ts';
import type { Serverless } from '../serverless.ts';

/** Looks at the partner files. @throws when one cannot be used: it is read only when its partner drops something */
export function checkPartnerFiles({ serviceDir }: Pick<Serverless, 'serviceDir'>): void {
  const mistakes = mistakesIn(serviceDir);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
}

/**
 * Looks at what is about to be packaged.
 * @throws when predict would never be given an address that a partner file names: a line for each file
 * @returns what it is not given this time, a line for each file: runs of that partner will have no predictions
 */
export function checkPartnerAddresses(serverless: Pick<Serverless, 'serviceDir' | 'service'>): string[] {
  const environment = serverless.service.functions.predict?.environment ?? {};
  const unlisted = filesThatName(serverless, (variable) => !(variable in environment)).map(
    ({ file, variables }) =>
      `partners/${file} names ${inWords(variables)}, which predict is not given: add to its environment in serverless.yml ${inWords(variables.map((variable) => `${variable}: \${env:${variable}, ''}`))}`,
  );
  if (unlisted.length > 0) throw new Error(unlisted.join('\n'));
  return filesThatName(serverless, (variable) => environment[variable] === '').map(
    ({ file, variables }) => `partners/${file} names ${inWords(variables)}, not set for this stage: its runs will fail`,
  );
}

/** The partner files, without the examples, that have addresses in such variables. */
function filesThatName({ serviceDir }: Pick<Serverless, 'serviceDir'>, isSuch: (variable: string) => boolean) {
  const { names, read } = deployedPartnersIn(serviceDir);
  return names.flatMap((name) => {
    const { file, definition } = read(name);
    const variables = variablesOf(definition).filter(isSuch);
    return variables.length === 0 ? [] : [{ file, variables }];
  });
}
