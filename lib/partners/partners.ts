import type { Partner } from './partner-file.ts';

/** The partner whose file counts for all that have none of their own. */
export const DEFAULT_PARTNER = 'default';

/** No file counts for a partner: the message names those that there are. */
export class UnknownPartnerError extends Error {
  override name = 'UnknownPartnerError';
}

/** The partner files of a deployment. */
export interface Partners {
  /** Names of those that have a file. */
  names: readonly string[];
  /** What the file of one of these says. */
  read(name: string): Partner;
}

/**
 * What counts for a partner: its own file, else `default.yml`.
 * @throws UnknownPartnerError when there is neither
 */
export function partnerNamed({ names, read }: Partners, name: string): Partner {
  if (names.includes(name)) return read(name);
  if (names.includes(DEFAULT_PARTNER)) return read(DEFAULT_PARTNER);
  const known = names.length === 0 ? 'no partner at all' : new Intl.ListFormat('en-GB').format(names);
  throw new UnknownPartnerError(
    `unknown partner: there is no partners/${name}.yml, nor a default.yml for all others; there is ${known}. Drop the file under uploads/ and the name of one of them`,
  );
}
