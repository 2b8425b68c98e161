import * as z from 'zod';
import type { AccessKeys } from './access-keys.ts';
import { assertAccessKey } from './authentication.ts';
import { S3Error } from './errors.ts';
import { hmac, isSame, signingKey, wrongSignature } from './signatures.ts';

/** Sizes in bytes, both inclusive. */
const sizesSchema = z.tuple([z.literal('content-length-range'), z.coerce.number(), z.coerce.number()]);

const matchSchema = z.tuple([z.enum(['eq', 'starts-with']), z.string().regex(/^\$/), z.string()]);

const policySchema = z.object({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(z.union([sizesSchema, matchSchema, z.record(z.string(), z.string())])),
});

/** Fields that a policy need not mention, beside those that begin with `x-ignore-`. */
const FREE_FIELDS = ['policy', 'x-amz-signature', 'file'];

/** A condition on a field of a form. */
interface Match {
  field: string;
  value: string;
  isPrefix: boolean;
}

/**
 * Lets through a form that is signed with these keys and is as its policy wants it, but for the size of its file.
 *
 * @param fields by names in lower case
 * @returns the sizes that the file may have, both inclusive
 * @throws S3Error AccessDenied, InvalidPolicyDocument, InvalidAccessKeyId, SignatureDoesNotMatch
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function assertPolicy(fields: ReadonlyMap<string, string>, keys: AccessKeys, nowMs: number): [number, number] {
  const policy = fields.get('policy');
  if (policy === undefined) throw denied('Sign the form with a policy: nobody else may upload here.');
  assertSigned(fields, policy, keys);
  const { expiration, conditions } = parsedPolicy(policy);
  if (Date.parse(expiration) < nowMs) throw denied('Invalid according to Policy: Policy expired.');
  const matches = conditions.flatMap(matchesIn);
  for (const match of matches) assertMatch(match, fields);
  const known = new Set(matches.map(({ field }) => field));
  for (const field of fields.keys()) {
    if (known.has(field) || FREE_FIELDS.includes(field) || field.startsWith('x-ignore-')) continue;
    throw denied(`Invalid according to Policy: Extra input fields: ${field}`);
  }
  const sizes = conditions.find((condition) => Array.isArray(condition) && condition[0] === 'content-length-range');
  const range = sizesSchema.safeParse(sizes);
  return range.success ? [range.data[1], range.data[2]] : [0, Number.POSITIVE_INFINITY];
}

function assertSigned(fields: ReadonlyMap<string, string>, policy: string, keys: AccessKeys): void {
  const [accessKeyId = '', ...scope] = (fields.get('x-amz-credential') ?? '').split('/');
  if (fields.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256' || scope.length !== 4) {
    throw denied('Sign the policy of the form by Signature Version 4.');
  }
  assertAccessKey(accessKeyId, keys);
  const signature = hmac(signingKey(keys.secretAccessKey, scope.join('/')), policy).toString('hex');
  if (!isSame(signature, fields.get('x-amz-signature') ?? '')) throw wrongSignature();
}

function parsedPolicy(policy: string): z.infer<typeof policySchema> {
  try {
    return policySchema.parse(JSON.parse(Buffer.from(policy, 'base64').toString()));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is no JSON';
    throw new S3Error('InvalidPolicyDocument', `Invalid Policy: ${problem}`);
  }
}

function matchesIn(condition: z.infer<typeof policySchema>['conditions'][number]): Match[] {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).map(([field, value]) => ({ field: field.toLowerCase(), value, isPrefix: false }));
  }
  const [operator, field, value] = condition;
  if (operator === 'content-length-range') return [];
  return [{ field: String(field).slice(1).toLowerCase(), value: String(value), isPrefix: operator === 'starts-with' }];
}

function assertMatch({ field, value, isPrefix }: Match, fields: ReadonlyMap<string, string>): void {
  const given = fields.get(field);
  if (given !== undefined && (isPrefix ? given.startsWith(value) : given === value)) return;
  const condition = JSON.stringify([isPrefix ? 'starts-with' : 'eq', `$${field}`, value]);
  throw denied(`Invalid according to Policy: Policy Condition failed: ${condition}`);
}

function denied(message: string): S3Error {
  return new S3Error('AccessDenied', message);
}
