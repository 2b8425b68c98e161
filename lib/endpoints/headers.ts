import * as z from 'zod';
import { inWords } from '../calls.ts';

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

const headersSchema = z.record(z.string().regex(NAME), z.string().regex(VALUE));

const byEndpointSchema = z.record(z.string(), z.unknown());

/** Names that an example has. */
const MAX_NAMES = 3;

/**
 * Reads the headers that each endpoint is to be sent: `{"ats": {"x-api-key": "…"}, "resp": {…}, "offer": {…}}`, of
 * which each may be missing.
 *
 * @param endpoints ids of those that there are, see `endpointIdsOf`
 * @returns the headers by id, of every endpoint
 * @throws CredentialsError
 */
export function parseHeaders(text: string, endpoints: readonly string[]): Record<string, RequestHeaders> {
  const all = byEndpointSchema.safeParse(jsonOf(text)).data;
  if (all === undefined || Object.keys(all).some((id) => !endpoints.includes(id))) {
    throw unusable(`what it holds is not headers for ${inWords(endpoints)}`, endpoints);
  }
  return Object.fromEntries(
    endpoints.map((id) => {
      const headers = headersSchema.safeParse(Object.hasOwn(all, id) ? all[id] : {});
      if (!headers.success) throw unusable(`what it holds for ${id} is not headers that can be sent`, endpoints);
      return [id, headers.data];
    }),
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
function unusable(problem: string, endpoints: readonly string[]): CredentialsError {
  const shown = endpoints
    .slice(0, MAX_NAMES)
    .map((id, place) => `"${id}": ${place === 0 ? '{"x-api-key": "…"}' : '{…}'}`);
  const example = `{${shown.join(', ')}${endpoints.length > MAX_NAMES ? ', …' : ''}}`;
  return new CredentialsError(`${problem}. Expected is ${example}: header names in lower case, values as text`);
}
