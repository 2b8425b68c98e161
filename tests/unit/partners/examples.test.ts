import { readFileSync } from 'node:fs';
import { FUNCTIONS } from '../../../lib/partners/feature-function.ts';
import { readPartnerFile } from '../../../lib/partners/partner-file.ts';

const PAGE = readFileSync('docs/partners.md', 'utf8');

describe('docs/partners.md', () => {
  it('has examples that can be used', () => {
    const examples = [...PAGE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);
    expect(examples).toHaveLength(1);
    for (const text of examples) expect(() => readPartnerFile('example.yml', text)).not.toThrow();
  });

  it('names every key of fields and features', () => {
    const schema = JSON.parse(readFileSync('partners/partner.schema.json', 'utf8')).properties;
    const keys = [schema.input.properties.fields, schema.features].flatMap(({ additionalProperties }) =>
      Object.keys(additionalProperties.properties),
    );
    for (const key of [...FUNCTIONS, ...keys]) expect(PAGE).toMatch(new RegExp(`\`${key}[\`:,]`));
  });
});
