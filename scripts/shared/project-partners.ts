import { join } from 'node:path';
import { type Partner, PartnerFileError } from '../../lib/partners/partner-file.ts';
import { partnersIn } from '../../lib/partners/partner-folder.ts';
import { partnerNamed, UnknownPartnerError } from '../../lib/partners/partners.ts';
import { CommandError } from './command.ts';

/** The project's own folder, which holds `partners/`. */
export const PROJECT = join(import.meta.dirname, '..', '..');

/** What counts for a partner by the project's files. @throws CommandError when they cannot be used, or none counts */
export function projectPartner(name: string): Partner {
  try {
    return partnerNamed(partnersIn(PROJECT), name);
  } catch (error) {
    if (!(error instanceof PartnerFileError || error instanceof UnknownPartnerError)) throw error;
    throw new CommandError(error.message, { cause: error });
  }
}
