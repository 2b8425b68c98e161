import * as z from 'zod';
import { variablesOf } from '../lib/partners/model-checks.ts';
import { partnersIn } from '../lib/partners/partner-folder.ts';
import type { Serverless } from './serverless.ts';
import { type Stack, stackEnvironment } from './stack.ts';

/** A profile or session of the developer would replace the stack's keys, or be sent with them. */
const DEVELOPERS_OWN = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN'];

const settingsSchema = z.object({ local: z.object({ environment: z.record(z.string(), z.coerce.string()) }) });

/**
 * Makes this process and the service's functions use the stack. It replaces the same variables of serverless.yml, which
 * hold addresses that only CloudFormation knows.
 */
export function useStack(serverless: Serverless, stack: Stack): void {
  const { local } = settingsSchema.parse(serverless.service.custom);
  const environment = { ...addressesOfPartners(serverless), ...stackEnvironment(stack, local.environment) };
  for (const definition of Object.values(serverless.service.functions)) {
    definition.environment = { ...definition.environment, ...environment };
  }
  for (const variable of DEVELOPERS_OWN) delete process.env[variable];
  // serverless-offline passes these to the functions' workers.
  for (const [variable, value] of Object.entries(environment)) {
    if (variable.startsWith('AWS_')) process.env[variable] = value;
  }
}

/** What this process has in the variables that partner files name; on AWS serverless.yml lists them. */
function addressesOfPartners({ serviceDir }: Serverless): Record<string, string> {
  const { names, read } = partnersIn(serviceDir);
  const variables = new Set(names.flatMap((name) => variablesOf(read(name).definition)));
  return Object.fromEntries(
    [...variables].flatMap((variable) => {
      const address = process.env[variable];
      return address === undefined ? [] : [[variable, address]];
    }),
  );
}
