import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { matches } from './access.ts';
import type { Demand } from './aws.ts';
import { type Statement, Template } from './template.ts';

// The framework's own reader of templates.
const framework = createRequire(resolve('node_modules/serverless/package.json'));
const { load } = framework('js-yaml') as { load(text: string, options: { schema: unknown }): unknown };
const schema: unknown = framework('./lib/utils/serverless-utils/cloudformation-schema.js');

/** The stack of the role that deploys, made with parameters: by the name of each, all of them. */
export function deployerStack(parameters: Record<string, string>): Template {
  const stack = load(readFileSync('resources/deployer.yml', 'utf8'), { schema });
  const text = Object.entries(parameters).reduce(
    (filled, [name, value]) =>
      filled.replaceAll(`{"Ref":"${name}"}`, JSON.stringify(value)).replaceAll(`\${${name}}`, value),
    JSON.stringify(stack),
  );
  return new Template(text);
}

/** Whether a role with these statements may do something. @throws when one has a condition that this cannot read */
export function allows(statements: readonly Statement[], { action, on }: Demand): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      statement.Action.some((pattern) => matches(pattern, action)) &&
      statement.Resource.some((pattern) => matches(pattern, on)) &&
      isMet(statement, action),
  );
}

/** What is passed here are the roles of functions. */
function isMet({ Sid, Condition }: Statement, action: string): boolean {
  if (Condition === undefined) return true;
  const isOnPassing = action === 'iam:PassRole' && Object.keys(Condition).join() === 'StringEquals';
  if (!isOnPassing) throw new Error(`${Sid} has a condition that is not one on passing roles`);
  return Condition.StringEquals?.['iam:PassedToService'] === 'lambda.amazonaws.com';
}
