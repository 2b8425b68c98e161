import { urlOf } from '../../../../lib/partners/call-url.ts';
import { definitionSchema } from '../../../../lib/partners/definition-schema.ts';
import { CommandError } from '../../../../scripts/shared/command.ts';
import { readScoring } from '../../../../scripts/shared/scoring.ts';
import { URL_VARIABLES } from '../../../default-calls.ts';
import { DEFAULT } from '../../../default-partner.ts';

const VARIABLES = [...URL_VARIABLES, 'TEST_SIZE_URL'];
const kept = Object.fromEntries(VARIABLES.map((variable) => [variable, process.env[variable]]));
beforeEach(() => {
  for (const variable of VARIABLES) delete process.env[variable];
});
afterAll(() => {
  for (const [variable, value] of Object.entries(kept)) if (value !== undefined) process.env[variable] = value;
});

const club = {
  name: 'club',
  definition: definitionSchema.parse({
    ...DEFAULT,
    models: { size: { title: 'size', url: urlOf('TEST_SIZE_URL') } },
    offer: undefined,
  }),
};

describe('the endpoints that a member is explained with', () => {
  it('are the reference services where the partner has those of default.yml, and none is set', () => {
    expect(readScoring({ name: 'default', definition: DEFAULT }).reference).toBe(true);
  });

  it('are the partner’s own where they are set', () => {
    for (const variable of URL_VARIABLES) process.env[variable] = 'https://models.example/';
    expect(readScoring({ name: 'default', definition: DEFAULT }).reference).toBe(false);
    process.env.TEST_SIZE_URL = 'https://models.example/size';
    expect(readScoring(club).reference).toBe(false);
  });

  it('are asked for by their variables where they are not set', () => {
    expect(() => readScoring(club)).toThrow(CommandError);
    expect(() => readScoring(club)).toThrow('TEST_SIZE_URL is not set: the partner file of club says that');
    process.env.ATS_URL = 'https://models.example/';
    expect(() => readScoring({ name: 'default', definition: DEFAULT })).toThrow('ATS_URL is set, but not RESP_URL');
  });
});
