import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mapNames } from '../../../lib/registry.ts';
import { URL_VARIABLES } from '../../default-calls.ts';
import { keptTemplate } from './kept-templates.ts';
import { packagingOfZips, REGION } from './packaging.ts';

/** Made up: a template that is right must not hold it. */
export const ACCOUNT = '123456789012';

/** Without which no stage but dev is packaged. */
export const OWN_ENDPOINTS = mapNames(URL_VARIABLES, (variable) => `https://models.example/${variable}`);

const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
};

const listSchema = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

const statementSchema = z.strictObject({
  Sid: z.string(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.unknown().optional(),
  Action: listSchema,
  Resource: listSchema,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

export type Statement = z.infer<typeof statementSchema>;

export const policyDocumentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statementSchema),
});

const resourceSchema = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  DependsOn: listSchema.default([]),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const roleSchema = z.object({ Policies: z.array(z.object({ PolicyDocument: policyDocumentSchema })) });

export type Resource = z.infer<typeof resourceSchema>;

/** What CloudFormation is told to create, as it would create it in an account. */
export class Template {
  /** As it was packaged. */
  readonly text: string;
  /** Without those whose condition is not met, and as they are when functions of CloudFormation have been worked out. */
  readonly resources: Record<string, Resource>;

  constructor(text: string) {
    this.text = text;
    const template = JSON.parse(text) as Record<string, Record<string, unknown>>;
    const conditions = conditionsOf(template.Conditions ?? {});
    const all = Object.entries(z.record(z.string(), resourceSchema).parse(resolved(template.Resources, conditions)));
    this.resources = Object.fromEntries(
      all.filter(([, { Condition }]) => Condition === undefined || conditions[Condition] === true),
    );
  }

  ofType(type: string): [name: string, properties: Record<string, unknown>][] {
    return Object.entries(this.resources)
      .filter(([, { Type }]) => Type === type)
      .map(([name, { Properties }]) => [name, Properties]);
  }

  properties(name: string): Record<string, unknown> {
    return this.resources[name]?.Properties ?? {};
  }

  /** What the role of that name may do. */
  statements(role: string): Statement[] {
    const { Policies } = roleSchema.parse(this.properties(role));
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  }
}

/**
 * What packaging the service comes to for CloudFormation, which is the same with and without bundling the functions.
 *
 * @param files to be written before, by their paths in the project
 * @throws with what the framework printed
 */
export async function packaged(
  stage: string,
  environment: Record<string, string> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Template> {
  const make = () => packagingOfZips(stage, environment, textIn, { files });
  return new Template(await keptTemplate([stage, environment, files], make));
}

/** That of a folder which `sls package` has written. */
export async function templateIn(folder: string): Promise<Template> {
  return new Template(await textIn(folder));
}

function textIn(folder: string): Promise<string> {
  return readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
}

type Conditions = Record<string, unknown>;

/** What stands for a property or an element that is not there. */
const NO_VALUE = Symbol('AWS::NoValue');

/** Each may name those before it. */
function conditionsOf(raw: Record<string, unknown>): Conditions {
  const conditions: Conditions = {};
  const names = Object.keys(raw).toSorted((a, b) => mentions(raw[a]) - mentions(raw[b]));
  for (const name of names) conditions[name] = resolved(raw[name], conditions);
  return conditions;
}

function mentions(condition: unknown): number {
  return JSON.stringify(condition).split('"Condition"').length;
}

/** Works out what can be: a `Ref` to a resource becomes its name, an attribute `Name.Attribute`. */
function resolved(value: unknown, conditions: Conditions): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, conditions)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::If' in value && Array.isArray(value['Fn::If'])) return chosen(value['Fn::If'], conditions);
  const entries = Object.entries(value).map(([key, inner]) => [key, resolved(inner, conditions)] as const);
  const [[name, argument] = ['', undefined], ...others] = entries;
  const known = others.length === 0 ? intrinsic(name, argument, conditions) : undefined;
  return known ?? Object.fromEntries(entries.filter(([, inner]) => inner !== NO_VALUE));
}

/** Only one of the two is worked out, because what is not there would move the other's place. */
function chosen([condition, met, notMet]: unknown[], conditions: Conditions): unknown {
  return resolved(conditions[String(condition)] === true ? met : notMet, conditions);
}

function intrinsic(name: string, argument: unknown, conditions: Conditions): unknown {
  if (name === 'Ref') return argument === 'AWS::NoValue' ? NO_VALUE : (PSEUDO_PARAMETERS[String(argument)] ?? argument);
  if (name === 'Condition' && typeof argument === 'string') return conditions[argument];
  if (!Array.isArray(argument)) return name === 'Fn::Sub' ? substituted(String(argument), {}) : undefined;
  if (name === 'Fn::And') return argument.every((condition) => condition === true);
  if (name === 'Fn::GetAtt') return argument.join('.');
  if (name === 'Fn::Join') return argument[1].join(argument[0]);
  if (name === 'Fn::Equals') return argument[0] === argument[1];
  if (name === 'Fn::Not') return !argument[0];
  if (name === 'Fn::Sub') return substituted(argument[0], argument[1]);
  return undefined;
}

function substituted(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name) => variables[name] ?? PSEUDO_PARAMETERS[name] ?? name);
}
