import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FIRST_DEFINITION } from '../../../lib/partners/first-definition.ts';
import { OFFER } from '../../../lib/partners/labels.ts';
import { deployedPartnersIn, mistakesIn, partnersIn } from '../../../lib/partners/partner-folder.ts';
import { partnerNamed } from '../../../lib/partners/partners.ts';
import { RESERVED_NAMES } from '../../../lib/partners/reserved-names.ts';
import { FIRST_FEATURES } from '../../../lib/run/contract-version.ts';
import { FEATURES_STEPS, REPORT, STAGES, TOTAL, WAIT, waitFor } from '../../../lib/timing/steps.ts';
import { partnerFileText, usePartnersFolder } from '../../builders/partners.ts';
import { DEFAULT } from '../../default-partner.ts';

const FILE = partnerFileText('score: { title: score, url: https://models.example/score }');

const folder = usePartnersFolder();

describe('the partner files of a folder', () => {
  it('count for those that they are named after, and default.yml for all others', async () => {
    await folder.write({
      'acme.yml': FILE,
      'default.yml': FILE.replace('VISITS', 'ROWS'),
      'partner.schema.json': '{}',
    });
    const partners = partnersIn(folder.root);
    expect(partners.names).toEqual(['acme', 'default']);
    expect(partnerNamed(partners, 'acme')).toMatchObject({
      file: 'acme.yml',
      definition: { features: { VISITS: {} } },
    });
    expect(partnerNamed(partners, 'globex')).toMatchObject({
      file: 'default.yml',
      definition: { features: { ROWS: {} } },
    });
  });

  it('are examples, too, which do not count for who has a file, and are not deployed', async () => {
    await mkdir(join(folder.root, 'partners', 'examples'));
    await folder.write({ 'acme.yml': FILE, 'examples/acme.yml': 'input: 1', 'examples/shop.yml': FILE });
    const partners = partnersIn(folder.root);
    expect(partners.names).toEqual(['acme', 'shop']);
    expect(partnerNamed(partners, 'acme').file).toBe('acme.yml');
    expect(partnerNamed(partners, 'shop').file).toBe('examples/shop.yml');
    expect(deployedPartnersIn(folder.root).names).toEqual(['acme']);
  });

  it('are named when none counts', async () => {
    await folder.write({ 'acme.yml': FILE, 'initech.yml': FILE });
    expect(() => partnerNamed(partnersIn(folder.root), 'globex')).toThrow(
      'unknown partner: there is no partners/globex.yml, nor a default.yml for all others; there is acme and initech. Drop the file under uploads/ and the name of one of them',
    );
  });

  it('are read when they are needed: a broken one is none of the others', async () => {
    await folder.write({ 'acme.yml': FILE, 'broken.yml': 'input: 1' });
    expect(partnerNamed(partnersIn(folder.root), 'acme').file).toBe('acme.yml');
    expect(() => partnerNamed(partnersIn(folder.root), 'broken')).toThrow('partners/broken.yml:1: input: must be');
  });

  it('have mistakes that are found all at once, also in the names of files', async () => {
    await folder.write({ 'acme.yml': FILE, 'broken.yml': FILE.replace('DATE', '"#"'), 'late.yaml': FILE });
    expect(mistakesIn(folder.root)).toEqual([
      'partners/late.yaml: this is not read: partner files end in .yml',
      'partners/broken.yml:4: input.fields.time.titles.0: must have a letter or a digit, because nothing else is compared',
    ]);
  });

  it('of the project have none', () => {
    expect(mistakesIn('.')).toEqual([]);
  });
});

describe('the definition of runs that carry none', () => {
  it('is what default.yml says that comes with the project, but for what is blank and how many rows may be rejected', () => {
    const { missingValues, fields } = FIRST_DEFINITION.input;
    expect(missingValues).toEqual(['NA', 'N/A', '#N/A', 'NaN', 'null', 'None']);
    expect(fields.member?.missingValues).toEqual([]);
    const member = { ...DEFAULT.input.fields.member, missingValues: [] };
    const input = {
      ...DEFAULT.input,
      missingValues,
      fields: { ...DEFAULT.input.fields, member },
      maxRejectedShare: 1,
    };
    expect(FIRST_DEFINITION).toEqual({ ...DEFAULT, input });
    expect(Object.keys(FIRST_DEFINITION.features)).toEqual(FIRST_FEATURES);
  });
});

describe('the names that features and models cannot have', () => {
  it('are those of the other steps of a run', () => {
    const steps = [...FEATURES_STEPS, REPORT].map(({ step }) => step);
    const waits = [WAIT, ...STAGES.map(waitFor)];
    expect([...RESERVED_NAMES].toSorted()).toEqual([...steps, OFFER, TOTAL, ...waits].toSorted());
  });
});
