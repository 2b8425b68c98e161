import type { Statement, Template } from './template.ts';

/** Of what a role allows one action on one resource or, for listings, one prefix. */
export interface Grant {
  action: string;
  /** Ends with `*` when it stands for whatever begins so. */
  on: string;
}

/** The bucket's name as it is packaged for stage dev. */
export const OBJECTS = 'arn:aws:s3:::member-offers-dev-123456789012-eu-central-1';

/** What a request needs to be allowed. */
export interface Need {
  action: string;
  /** The key; of a listing the prefix, of which a listing of everything has none. */
  on: string | undefined;
}

/** A role's grants, one by one; objects by their keys. @throws when a statement is more than this knows how to read */
export function grantsOf(template: Template, role: string): Grant[] {
  return template.statements(role).flatMap((statement) => {
    const { Effect, Action, Condition, ...rest } = statement;
    if (Effect !== 'Allow') throw new Error(`${role} denies: ${JSON.stringify(statement)}`);
    const isPlain = Condition === undefined || isForServices(statement);
    const resources = isPlain ? rest.Resource.map(keyOf) : listedPrefixes(role, statement);
    return Action.flatMap((action) => resources.map((on) => ({ action, on })));
  });
}

/** Whether a statement is about keys of KMS, and restricts nothing but through which services they are used. */
function isForServices({ Action, Condition = {} }: Statement): boolean {
  const conditions = Object.values(Condition).flatMap((operands) => Object.keys(operands));
  return Action.every((action) => action.startsWith('kms:')) && conditions.join() === 'kms:ViaService';
}

function keyOf(arn: string): string {
  return arn.startsWith(`${OBJECTS}/`) ? arn.slice(OBJECTS.length + 1) : arn;
}

function listedPrefixes(role: string, { Action, Resource, Condition }: Statement): string[] {
  const prefixes = Condition?.StringLikeIfExists?.['s3:prefix'];
  const isListing = Action.join() === 's3:ListBucket' && Resource.join() === OBJECTS;
  if (!isListing || !Array.isArray(prefixes))
    throw new Error(`${role} has a condition that is neither on listings nor on services`);
  return prefixes;
}

/** The grants that meet a need; none means that AWS answers 403. */
export function grantsFor({ action, on }: Need, grants: readonly Grant[]): Grant[] {
  return grants.filter((grant) => grant.action === action && (on === undefined || matches(grant.on, on)));
}

/** Whether a policy's pattern, of actions or of resources, is of a text. */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(text);
}
