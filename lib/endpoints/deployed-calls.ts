import { addressSchema } from '../address.ts';
import { variableIn } from '../partners/call-url.ts';
import type { CallLimits, CallManner } from '../partners/definition.ts';
import { OFFER } from '../partners/labels.ts';
import { type Partner, PartnerFileError } from '../partners/partner-file.ts';
import { DEFAULT_PARTNER, type Partners, partnerNamed, UnknownPartnerError } from '../partners/partners.ts';

/** A call has no address in this deployment: the message says why, and what to do. */
export class NoAddressError extends Error {
  override name = 'NoAddressError';
}

/** Where a partner's calls answer, and how much each may be asked for. */
export interface DeployedCalls {
  /** Whose file it is that says so: the partner's own, or that of all who have none. */
  owner: string;
  /** @throws NoAddressError */
  addressOf(call: string): URL;
  /** What counts instead of the deployment's settings. @throws NoAddressError for a call that there is not */
  limitsOf(call: string): CallLimits;
  /** How the call is spoken to. @throws NoAddressError for a call that there is not */
  mannerOf(call: string): CallManner;
}

const THEN = 'deploy, then resume the run';

/**
 * Where a partner's calls answer, and within which limits, as its file that is deployed now, and the environment, say:
 * never what is in a bucket.
 * @param name undefined for those that were begun when all partners had the same
 */
export function deployedCalls(
  partners: Partners,
  environment: Readonly<Record<string, string | undefined>>,
  name = DEFAULT_PARTNER,
): DeployedCalls {
  const owner = partners.names.includes(name) ? name : DEFAULT_PARTNER;
  const addressOf = (call: string) => {
    const { file, url } = deployedCall(partners, name, call);
    return addressIn(url, file, environment);
  };
  const ofFile = (call: string) => deployedCall(partners, name, call);
  return { owner, addressOf, limitsOf: ofFile, mannerOf: ofFile };
}

function deployedCall(
  partners: Partners,
  name: string,
  call: string,
): CallLimits & CallManner & { url: string; file: string } {
  const { file, definition } = deployedFile(partners, name);
  const { models, offer } = definition;
  const known = call === OFFER ? offer : Object.hasOwn(models, call) ? models[call] : undefined;
  if (known !== undefined) return { ...known, file };
  throw new NoAddressError(
    `has no address: partners/${file}, as it is deployed now, has no ${call === OFFER ? OFFER : `model ${call}`}; put it there, ${THEN}`,
  );
}

function deployedFile(partners: Partners, name: string): Partner {
  try {
    return partnerNamed(partners, name);
  } catch (error) {
    if (!(error instanceof UnknownPartnerError || error instanceof PartnerFileError)) throw error;
    throw new NoAddressError(`has no address: ${error.message}`, { cause: error });
  }
}

function addressIn(url: string, file: string, environment: Readonly<Record<string, string | undefined>>): URL {
  const variable = variableIn(url);
  const text = variable === undefined ? url : environment[variable];
  if (!text) {
    throw new NoAddressError(
      `has no address: ${variable}, which partners/${file} names, is not set where predict runs; set it, ${THEN}`,
    );
  }
  const address = addressSchema.safeParse(text);
  if (address.success) return address.data;
  throw new NoAddressError(
    `has no address that can be used: ${variable ?? 'its url'} ${address.error.issues[0]?.message}; correct it, ${THEN}`,
  );
}
