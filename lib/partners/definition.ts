import * as z from 'zod';
import { USUAL_BYTES } from '../protocols/protocol.ts';
import { PROTOCOL_NAMES, PROTOCOLS } from '../protocols/protocols.ts';
import { namesIn } from '../registry.ts';
import { urlOf } from './call-url.ts';
import { insteadOf } from './nearest.ts';

/** What a partner file says: the one place of its words, their types, and what editors show of them. */

export const MAX_FEATURES = 200;
export const MAX_MODELS = 20;
const MAX_FIELDS = 100;
const MAX_TITLES = 20;
const MAX_NAME_LENGTH = 200;
const MAX_MODEL_NAME_LENGTH = 40;
export const MAX_LAST = 10;
const MAX_DAYS = 36_500;
const MAX_ENUM = 200;
const MAX_CONCURRENCY = 1_000;
const MIN_REQUESTS_PER_SECOND = 0.001;
const MAX_REQUESTS_PER_SECOND = 10_000;
/** No invocation of a function takes longer. */
const MAX_TIMEOUT_MS = 900_000;
const MAX_ATTEMPTS = 100;
const MAX_TAKE = 5;
const MAX_ROWS = 10_000;
/** What the largest of the servers that are known takes. */
const MAX_BYTES = 25_000_000;
/** Of tensors that hold features: numbers. */
export const DATATYPES = ['FP64', 'FP32', 'INT64', 'INT32'] as const;

/** Beyond this no amount of points or money is meant, and sums of accepted numbers stay finite. */
export const MAX_NUMBER = 1e15;

const TEXT = 'must be text; put it in quotes';
const text = z.string(TEXT);
const name = text
  .min(1, 'must not be empty')
  .max(MAX_NAME_LENGTH, `must not be longer than ${MAX_NAME_LENGTH} characters`)
  .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters');

/** An object with these keys and no others. */
function only<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys')
        return issue.code === 'invalid_type' ? `must be ${namesOf(known)}` : undefined;
      const [key = ''] = issue.keys;
      return `is not known here; ${insteadOf(key, known)}`;
    },
  });
}

function namesOf(known: readonly string[]): string {
  return `a group of keys such as ${known.slice(0, 3).join(', ')}`;
}

function byName<Value extends z.ZodType>(value: Value, most: number, what: string) {
  return z.record(name, value, `must be ${what} by name`).refine((record) => Object.keys(record).length <= most, {
    error: ({ input }) => `has ${Object.keys(Object(input)).length} names, and ${most} are the most there can be`,
    abort: true,
  });
}

function layoutsInWords(): string {
  return PROTOCOL_NAMES.map((protocol) => `${namesIn(PROTOCOLS[protocol].layouts).join(' or ')} for ${protocol}`).join(
    ', ',
  );
}

function wholeNumber(most: number) {
  const problem = `must be a whole number from 1 to ${most}`;
  return z.int(problem).min(1, problem).max(most, problem);
}

const oneCharacter = text.length(1, 'must be one character');
const yesOrNo = z.boolean('must be true or false');
const unit = name.describe('What stands behind a value for people, when that is not clear, such as USD.');

const fieldSchema = only({
  titles: z
    .array(name, 'must be a list of names, as in [MEMBER_ID]')
    .min(1, 'must name at least one title')
    .max(MAX_TITLES, `must not have more than ${MAX_TITLES} titles`)
    .describe('Names of the column in the header of a file; messages and reports use the first.'),
  type: z
    .enum(['string', 'number', 'datetime'], 'must be string, number or datetime')
    .describe('What its cells hold. Of strings only the member and those with an enum can be used.'),
  required: yesOrNo.describe('Whether a blank cell rejects its row.').optional(),
  default: z
    .union([text, z.number()], 'must be text or a number')
    .describe('What a blank cell is read as; without it, the row has no value here. Dates as 2024-01-31.')
    .optional(),
  missingValues: z
    .array(text, 'must be a list of texts')
    .describe('What stands for a blank in this field, instead of those that are for all.')
    .optional(),
  enum: byName(
    z.array(text, 'must be a list of other spellings, as in [purchase], or []'),
    MAX_ENUM,
    'lists of spellings',
  )
    .describe('For strings: the values there may be, each with other spellings of it; case does not matter.')
    .optional(),
  decimalChar: oneCharacter
    .describe(
      'For numbers: what stands before the fraction. As the whole column tells unless given. Alone, a point or a comma decides only that.',
    )
    .optional(),
  groupChar: oneCharacter
    .describe(
      'For numbers: what groups three digits, as in 1,234,567; no other sign then does. As the whole column tells unless this or bareNumber is given.',
    )
    .optional(),
  bareNumber: yesOrNo
    .describe('For numbers: false lets a currency or a percent sign stand before or after the number.')
    .optional(),
  format: text
    .describe(
      'For datetimes: what dates in numbers are in, day/month/year, month/day/year or year/month/day; or a strptime pattern that all cells follow, such as %d.%m.%Y %H:%M; or epoch, epochMillis or excel. As the whole column tells unless given.',
    )
    .optional(),
  timezone: text
    .describe(
      'For datetimes: the IANA time zone of times that name no offset, such as Europe/Berlin. UTC unless given.',
    )
    .optional(),
  unit: unit.optional(),
});

const REJECTED_SHARE = 'must be a share of the rows, from 0 to 1, such as 0.05';
const DEFAULT_REJECTED_SHARE = 0.05;

const delimiter = text
  .refine(
    (value) => /^[\p{ASCII}--[A-Za-z0-9"\r\n]]$/v.test(value),
    'must be one ASCII character that is no letter, digit, quote or line break',
  )
  .describe('What stands between the fields of a row, such as ~ or "\\u0001". The header tells unless given.');

const encoding = text
  .refine(isEncoding, 'must be an encoding, such as UTF-8, UTF-16, Windows-1252, ISO-8859-1 or macintosh')
  .describe('The encoding of files without a byte-order mark, such as Windows-1252. UTF-8 unless given.');

/** By the names of the Encoding Standard, as browsers know them. */
function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

const inputSchema = only({
  encoding: encoding.optional(),
  delimiter: delimiter.optional(),
  missingValues: z
    .array(text, 'must be a list of texts')
    .default([])
    .describe('What stands for a blank, besides an empty cell, in any case.'),
  maxRejectedShare: z
    .number(REJECTED_SHARE)
    .min(0, REJECTED_SHARE)
    .max(1, REJECTED_SHARE)
    .default(DEFAULT_REJECTED_SHARE)
    .describe('The share of rows that may be rejected, 0 to 1: with more, a run is PARTIAL. 0.05 unless given.'),
  fields: byName(fieldSchema, MAX_FIELDS, 'fields').describe(
    'The columns that are read, by the names that features have for them. There must be member and time.',
  ),
});

const conditionSchema = byName(
  z.union(
    [text, z.array(text).min(1, 'must name at least one value')],
    'must be a value of the field, or a list of values',
  ),
  MAX_FIELDS,
  'values',
).refine((condition) => Object.keys(condition).length > 0, 'must name a field');

const field = name.describe('A number field.');
const dateField = name.describe('A datetime field.');

const featureSchema = only({
  count: name.describe('How many: of `transactions`, or of those in which a field is not blank.').optional(),
  sum: field.optional(),
  mean: field.optional(),
  min: field.optional(),
  max: field.optional(),
  share: conditionSchema.describe('The share, 0 to 1, of transactions with such values.').optional(),
  daysSinceFirst: dateField.optional(),
  daysSinceLast: dateField.optional(),
  where: conditionSchema.describe('Only transactions with such values.').optional(),
  last: wholeNumber(MAX_LAST).describe('Only so many of the most recent transactions.').optional(),
  days: wholeNumber(MAX_DAYS)
    .describe('Only transactions of so many days, of which the as-of day is the last.')
    .optional(),
  default: z.number('must be a number').describe('What a member has that has no such transaction.').optional(),
  format: z
    .enum(['decimal', 'whole', 'percent'], 'must be decimal, whole or percent')
    .describe('How reports show it; the cell keeps the full precision.')
    .optional(),
  unit: unit.optional(),
});

const url = text.describe(
  `Where it answers: ${urlOf('ATS_URL')} for what a deployment has in its environment variable ATS_URL, or an https address.`,
);
const place = z.union(
  [name.refine((value) => value !== '__proto__', 'cannot be __proto__'), z.int().min(0)],
  'must be the name of a field, or a place in a list, from 0',
);
const take = z
  .union(
    [place, z.array(place).min(1).max(MAX_TAKE)],
    'must be the name of a field, a place in a list, from 0, or a list of these',
  )
  .describe(
    'Where in an answer a value is: the name of a field, a place in a list, from 0, or a list of these, as in [scores, 1]. A field is called prediction, or offer, unless given.',
  );

/** In columns and charts, and part of a name in metrics. */
const label = name.max(MAX_MODEL_NAME_LENGTH, `must not be longer than ${MAX_MODEL_NAME_LENGTH} characters`);
const modelName = label.refine(
  (value) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(value),
  'must begin with a letter, and have only letters, digits, _ and -',
);

const REQUESTS_PER_SECOND = `must be a number from ${MIN_REQUESTS_PER_SECOND} to ${MAX_REQUESTS_PER_SECOND}`;

/** How much one of the calls may be asked for, and how long and how often it is tried. */
const limits = {
  concurrency: wholeNumber(MAX_CONCURRENCY)
    .describe('How many requests it is sent at the same time, by each invocation of predict; CONCURRENCY at the most.')
    .optional(),
  requestsPerSecond: z
    .number(REQUESTS_PER_SECOND)
    .min(MIN_REQUESTS_PER_SECOND, REQUESTS_PER_SECOND)
    .max(MAX_REQUESTS_PER_SECOND, REQUESTS_PER_SECOND)
    .describe('How many requests it is sent per second, by each invocation of predict, instead of REQUESTS_PER_SECOND.')
    .optional(),
  timeoutMs: wholeNumber(MAX_TIMEOUT_MS)
    .describe('How long one attempt may take, milliseconds, instead of TIMEOUT_MS.')
    .optional(),
  attempts: wholeNumber(MAX_ATTEMPTS)
    .describe('Failures after which a call has failed for good, instead of MAX_ATTEMPTS.')
    .optional(),
};

/** How one of the calls is spoken to, and how many members a request may be about. */
const manner = {
  protocol: z
    .enum(PROTOCOL_NAMES, `must be one of ${PROTOCOL_NAMES.join(', ')}`)
    .describe('How it is spoken to; json unless given.')
    .optional(),
  layout: text
    .describe(`How members stand in a request: ${layoutsInWords()}. The first of these unless given.`)
    .optional(),
  datatype: z
    .enum(DATATYPES, `must be one of ${DATATYPES.join(', ')}`)
    .describe('Of the tensors that it is sent, for open-inference. FP64 unless given.')
    .optional(),
  tensor: name.describe('The name of the tensor with all features, for open-inference as a matrix.').optional(),
  batch: only({
    rows: wholeNumber(MAX_ROWS).describe('Members per request, at the most.').optional(),
    bytes: wholeNumber(MAX_BYTES)
      .describe(`Bytes per request, at the most; ${USUAL_BYTES.toLocaleString('en-US')} unless given.`)
      .optional(),
  })
    .describe('How many members a request may be about.')
    .optional(),
};

const modelSchema = only({
  title: name.describe('What it gives, such as probability to respond.'),
  label: label.describe('What people and columns call it. Its name in capitals unless given.').optional(),
  description: name.describe('A sentence for whoever meets its label for the first time.').optional(),
  url,
  format: z
    .enum(['decimal', 'whole', 'percent', 'probability'], 'must be decimal, whole, percent or probability')
    .describe('How reports show its predictions; cells keep the full precision. As decimal unless given.')
    .optional(),
  expected: only({
    from: z.number('must be a number').optional(),
    to: z.number('must be a number').optional(),
  })
    .describe('What its predictions should be; reports tell of those that are not. Both ends belong to it.')
    .optional(),
  send: z
    .union(
      [z.array(name).min(1, 'must name at least one feature'), byName(name, MAX_FEATURES, 'features')],
      'must be a list of features, or features by the names that they are sent under',
    )
    .describe('Which features it is sent: a list of them, or by other names. All by their own names unless given.')
    .optional(),
  take: take.optional(),
  ...manner,
  ...limits,
});

const offerSchema = only({
  url,
  send: byName(name, MAX_MODELS, 'models')
    .refine((send) => Object.keys(send).length > 0, 'must name at least one model')
    .describe('The predictions that it is sent: models by the names that their predictions are sent under.'),
  take: take.optional(),
  expectedValue: z
    .array(name, 'must be two models, as in [ats, resp]')
    .length(2, 'must be two models, as in [ats, resp]')
    .describe('Two models whose predictions are multiplied to compare offers; no comparison without it.')
    .optional(),
  ...manner,
  ...limits,
});

export type FieldDefinition = z.infer<typeof fieldSchema>;
export type InputDefinition = z.infer<typeof inputSchema>;
export type FeatureDefinition = z.infer<typeof featureSchema>;
export type ModelDefinition = z.infer<typeof modelSchema>;
export type OfferDefinition = z.infer<typeof offerSchema>;
/** What a partner file says of how one of its calls is made; the deployment's settings count for what it leaves out. */
export type CallLimits = Pick<ModelDefinition, keyof typeof limits>;
/** What a partner file says of how one of its calls is spoken to. */
export type CallManner = Pick<ModelDefinition, keyof typeof manner>;
/** The keys of these. */
export const LIMITS = namesIn(limits);
/** Values by field: a transaction fulfils it when each of these fields has one of its values. */
export type ValueCondition = z.infer<typeof conditionSchema>;

/** The shape of a partner file; what else must be right with it, see `definitionSchema`. */
export const definitionShape = only({
  input: inputSchema.describe('How a file is read.'),
  features: byName(featureSchema, MAX_FEATURES, 'features')
    .refine((features) => Object.keys(features).length > 0, 'must have at least one feature')
    .describe('What each member is told by, in the order in which requests and reports list it.'),
  models: z
    .record(modelName, modelSchema, 'must be models by name')
    .refine((models) => Object.keys(models).length > 0, 'must have at least one model')
    .refine((models) => Object.keys(models).length <= MAX_MODELS, {
      error: ({ input }) =>
        `has ${Object.keys(Object(input)).length} names, and ${MAX_MODELS} are the most there can be`,
      abort: true,
    })
    .describe('What is called side by side for each member, with its features, and answers with a number.'),
  offer: offerSchema.describe('What is called then, with the predictions, and answers with an offer.').optional(),
});

/** What is called for a member: the part of a definition that requests are made of. */
export const callsShape = definitionShape.pick({ models: true, offer: true });
export type CallsDefinition = z.infer<typeof callsShape>;

/** That part of a definition. */
export function callsPartOf({ models, offer }: CallsDefinition): CallsDefinition {
  return { models, ...(offer && { offer }) };
}

/** How a partner's files are read and what is told of its members: what a partner file says. */
export type Definition = z.infer<typeof definitionShape>;

/** The name of the field that tells members apart, and of the one that orders their transactions. */
export const MEMBER = 'member';
export const TIME = 'time';
