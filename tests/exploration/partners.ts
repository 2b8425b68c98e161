import type { Partners } from '../../lib/partners/partners.ts';
import { PARTNERS as DEPLOYED } from '../default-partner.ts';

/** As deployed, but that any number of rows may be rejected: the files here are short, and each has one such row. */
export const PARTNERS: Partners = {
  names: DEPLOYED.names,
  read: (name) => {
    const { definition, ...file } = DEPLOYED.read(name);
    return { ...file, definition: { ...definition, input: { ...definition.input, maxRejectedShare: 1 } } };
  },
};
