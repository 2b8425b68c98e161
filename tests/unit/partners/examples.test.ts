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

  it('names every key of fields, features, models and the offer', () => {
    const schema = JSON.parse(readFileSync('partners/partner.schema.json', 'utf8')).properties;
    const byName = [schema.input.properties.fields, schema.features, schema.models];
    const keys = [...byName.map(({ additionalProperties }) => additionalProperties), schema.offer].flatMap(
      ({ properties }) => Object.keys(properties),
    );
    for (const key of [...FUNCTIONS, ...keys]) expect(PAGE).toMatch(new RegExp(`\`${key}[\`:,]`));
  });
});
