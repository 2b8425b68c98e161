import { readFileSync } from 'node:fs';
import { FUNCTIONS } from '../../../lib/partners/feature-function.ts';
import { JSON_SCHEMA_FILE, partnerJsonSchema } from '../../../scripts/partner/json-schema.ts';

describe('the schema for editors', () => {
  it('is that of the schema that reads the files: npm run partner -- schema writes it', () => {
    expect(readFileSync(JSON_SCHEMA_FILE, 'utf8')).toBe(partnerJsonSchema());
  });

  it('offers every function, and explains it', () => {
    const { properties } = JSON.parse(partnerJsonSchema()).properties.features.additionalProperties;
    for (const name of FUNCTIONS) expect(properties[name].description).toEqual(expect.any(String));
  });

  it('is named in the first line of each partner file that comes with the project', () => {
    expect(readFileSync('partners/default.yml', 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=partner\.schema\.json\n/,
    );
  });
});
