import { readdirSync, readFileSync } from 'node:fs';
import type { CallManner } from '../../../lib/partners/definition.ts';
import { FUNCTIONS } from '../../../lib/partners/feature-function.ts';
import { readPartnerFile } from '../../../lib/partners/partner-file.ts';
import { EXAMPLE_NAMES } from '../../../scripts/sample/samples.ts';

const PAGE = readFileSync('docs/partners.md', 'utf8');

describe('docs/partners.md', () => {
  it('shows each example, which can be used, and how it is run', () => {
    const files = readdirSync('partners/examples');
    expect(files.map((file) => file.replace('.yml', ''))).toEqual(['batches', ...EXAMPLE_NAMES].toSorted());
    for (const file of files) {
      const path = `partners/examples/${file}`;
      expect(() => readPartnerFile(path, readFileSync(path, 'utf8'))).not.toThrow();
      expect(PAGE).toContain(`(../${path})`);
      expect(PAGE).toContain(`npm run demo -- --partner ${file.replace('.yml', '')}\n`);
    }
  });

  it('is right that one of them differs from the default in how its services are spoken to alone', () => {
    const definitionOf = (path: string) => readPartnerFile(path, readFileSync(path, 'utf8')).definition;
    const standard = definitionOf('partners/default.yml');
    const batched = definitionOf('partners/examples/batches.yml');
    const withoutManner = ({ protocol, batch, ...rest }: CallManner) => rest;
    const { input, features } = standard;
    expect({ ...batched, models: undefined, offer: undefined }).toEqual({
      input,
      features,
      models: undefined,
      offer: undefined,
    });
    for (const [name, model] of Object.entries(batched.models)) {
      expect(model.protocol).toBe('instances');
      expect(withoutManner(model)).toEqual(standard.models[name]);
    }
    expect(withoutManner(batched.offer ?? {})).toEqual(standard.offer);
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
