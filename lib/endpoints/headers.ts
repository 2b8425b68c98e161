import * as z from 'zod';
import { inWords } from '../calls.ts';
import { endpointIdOf } from './endpoint-ids.ts';

/** Headers of a request by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** The headers that the endpoints want cannot be had, or are none. Quotes nothing of them. */
export class CredentialsError extends Error {
  override name = 'CredentialsError';
}

/** Of an endpoint that wants none. */
export const NO_HEADERS: RequestHeaders = {};

/** A token as HTTP has it, in lower case, but none that says whereto or how a request goes. */
const NAME =
  /^(?!(?:host|connection|keep-alive|upgrade|expect|te|trailer|transfer-encoding|content-.*)$)[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** Visible ASCII, with spaces only in between. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

const headersSchema = z.record(z.string().regex(NAME), z.string().regex(VALUE));

const byNameSchema = z.record(z.string(), z.unknown());

/** Under which headers may also stand by partner and call; no model is called so. */
const PARTNERS = 'partners';

const byPartnerSchema = z.record(z.string(), byNameSchema).default({});

/** Names that an example has. */
const MAX_NAMES = 3;

/**
 * Reads the headers that each endpoint is to be sent, by its id: `{"ats": {"x-api-key": "…"}, "acme/spend": {…}}`, or by
 * partner and call: `{"partners": {"acme": {"spend": {…}}}}`. Each may be missing.
 *
 * @param endpoints ids of those that there are, see `endpointIdsOf`
 * @returns the headers by id, of every endpoint
 * @throws CredentialsError
 */
export function parseHeaders(text: string, endpoints: readonly string[]): Record<string, RequestHeaders> {
  const entries = entriesIn(jsonOf(text));
  if (entries === undefined || entries.some(([id]) => !endpoints.includes(id))) {
    throw unusable(`what it holds is not headers for ${inWords(endpoints)}`, endpoints);
  }
  return Object.fromEntries(
    endpoints.map((id) => {
      const [own, other] = entries.filter(([known]) => known === id);
      if (other !== undefined) throw unusable(`it holds headers for ${id} twice`, endpoints);
      const headers = headersSchema.safeParse(own === undefined ? {} : own[1]);
      if (!headers.success) throw unusable(`what it holds for ${id} is not headers that can be sent`, endpoints);
      return [id, headers.data];
    }),
  );
}

/** By what should be ids of endpoints; undefined when there are no groups of headers. */
function entriesIn(value: unknown): [id: string, headers: unknown][] | undefined {
  const all = byNameSchema.safeParse(value).data;
  if (all === undefined) return undefined;
  const { [PARTNERS]: group, ...byId } = all;
  const partners = byPartnerSchema.safeParse(group).data;
  if (partners === undefined) return undefined;
  const own = Object.entries(partners).flatMap(([partner, calls]) =>
    Object.entries(calls).map(([call, headers]): [string, unknown] => [idUnder(partner, call), headers]),
  );
  return [...Object.entries(byId), ...own];
}

/** A call that looks like another partner's id is none: what stands under a partner is sent to its endpoints alone. */
function idUnder(partner: string, call: string): string {
  return call.includes('/') ? '' : endpointIdOf(partner, call);
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
