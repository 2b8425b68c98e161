import * as z from 'zod';
import { CALLS, type Call, callsInWords, mapCalls } from '../calls.ts';

/** Headers of a request by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** The headers that the endpoints want cannot be had, or are none. Quotes nothing of them. */
export class CredentialsError extends Error {
  override name = 'CredentialsError';
}

/** What every endpoint is sent. */
export const COMMON_HEADERS: RequestHeaders = { 'content-type': 'application/json', accept: 'application/json' };

/** A token as HTTP has it, in lower case, but none that says whereto or how a request goes. */
const NAME =
  /^(?!(?:host|connection|keep-alive|upgrade|expect|te|trailer|transfer-encoding|content-.*)$)[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** Visible ASCII, with spaces only in between. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

const headersSchema = z.record(z.string().regex(NAME), z.string().regex(VALUE)).default({});

/** `{"ats": {"x-api-key": "…"}, "resp": {…}, "offer": {…}}` */
const EXPECTED_SHAPE = `{${CALLS.map((call, index) => `"${call}": {${index === 0 ? '"x-api-key": "…"' : '…'}}`).join(', ')}}`;

const allHeadersSchema = z.strictObject(mapCalls(() => headersSchema));

/**
 * Reads the headers that each endpoint is to be sent: `{"ats": {"x-api-key": "…"}, "resp": {…}, "offer": {…}}`, of
 * which each may be missing.
 *
 * @throws CredentialsError
 */
export function parseHeaders(text: string): Record<Call, RequestHeaders> {
  const parsed = allHeadersSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new CredentialsError(
    `${problemOf(parsed.error)}. Expected is ${EXPECTED_SHAPE}: header names in lower case, values as text`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error would quote the text.
    return undefined;
  }
}

/** Of what was read only the parts that are known before. */
function problemOf({ issues: [issue] }: z.ZodError): string {
  const call = CALLS.find((name) => name === issue?.path[0]);
  if (call !== undefined) return `what it holds for ${call} is not headers that can be sent`;
  return `what it holds is not headers for ${callsInWords()}`;
}
