import * as z from 'zod';
import { definitionShape } from '../../lib/partners/definition.ts';

/** Where editors find it, beside the partner files. */
export const JSON_SCHEMA_FILE = 'partners/partner.schema.json';

/** What editors know of partner files, to complete keys and to explain them; made of the schema that reads the files. */
export function partnerJsonSchema(): string {
  const schema = z.toJSONSchema(definitionShape, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $schema: schema.$schema, title: 'A partner of member-offers', ...schema }, null, 2)}\n`;
}
