import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { localEndpoints } from '../../../local/endpoints/example-services.ts';
import { referenceAddresses } from '../../../local/endpoints/stack-endpoints.ts';
import { serveGuarded } from '../../../local/process/guard.ts';
import { endpointVariables } from '../../../local/stack.ts';
import { script } from './spawned.ts';

const RETAILER = ['check', 'retailer', '--file', 'events/retailer.csv', '--as-of', '2024-01-31', '--call'];
const NOTHING_SET = {
  RETAILER_SPEND_URL: '',
  RETAILER_CHURN_URL: '',
  RETAILER_BASKET_URL: '',
  RETAILER_COUPON_URL: '',
};

/** The cells of the lines that begin with a name, from left to right and from one table to the next. */
function cellsOf(name: string, text: string): string[] {
  return [...text.matchAll(new RegExp(`^  ${name} +(.*)$`, 'gm'))].flatMap(([, cells = '']) => cells.split(/ +/));
}

/** Worked out by a program of its own, see tests/data/expected_examples.py. */
async function expectedMembers(): Promise<Record<string, string>[]> {
  return parse(await readFile('tests/data/expected-retailer.csv'), { columns: true, to: 10 });
}

describe('npm run partner -- check --call', () => {
  it('shows what the endpoints answer for ten members', async () => {
    const { code, stdout, stderr } = await script('partner', RETAILER, NOTHING_SET);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [before = '', answers = ''] = stdout.split(
      'answers of the reference endpoints, started here for these calls:',
    );
    expect(answers).toMatch(/^ {2}LEAVES {2}http:.*\/retailer\/churn$/m);
    const members = await expectedMembers();
    const [, tables = ''] = answers.split('\n\n', 2);
    const [shown = '', batches] = answers.slice(answers.indexOf(tables)).split('members per request:');
    for (const label of ['SPEND', 'LEAVES', 'BASKET']) {
      const wanted = members.map((member) => Number(Number(member[`${label}_PREDICTION`]).toPrecision(6)));
      expect(cellsOf(label, shown).map(Number)).toEqual(wanted);
    }
    expect(cellsOf('OFFER', shown)).toEqual(members.map(({ OFFER }) => OFFER));
    expect(before).toMatch(/\n\nthe servers tell nothing of themselves\n\n$/);
    expect(batches).toMatch(/^ {2}LEAVES {2}one request per member; models\.churn: layout: list, or/m);
  }, 60_000);

  it('says why members fail, each message once', async () => {
    // Nobody can listen there.
    const nobody = 'http://127.0.0.1:1/models';
    const environment = {
      RETAILER_SPEND_URL: nobody,
      RETAILER_CHURN_URL: nobody,
      RETAILER_BASKET_URL: nobody,
      RETAILER_COUPON_URL: nobody,
    };
    const { code, stdout } = await script('partner', RETAILER, { ...environment, MAX_ATTEMPTS: '1' });
    expect(code).toBe(1);
    const [, failed = ''] = stdout.split('\nfailed:\n');
    const [reasons = ''] = failed.split('\n\n');
    expect(reasons.split('\n')).toEqual(
      ['SPEND', 'LEAVES', 'BASKET'].map((label) =>
        expect.stringMatching(
          new RegExp(`^  10 × ${label} endpoint \\(${nobody}\\) could not be reached: .*, as for C19ACB74$`),
        ),
      ),
    );
  }, 60_000);

  it('asks servers what they expect, and measures how many members a request had better be about', async () => {
    const app = localEndpoints();
    try {
      const addresses = endpointVariables(referenceAddresses(await serveGuarded(app, 0), 'instances'));
      const args = ['check', 'batches', '--file', 'events/sample.csv', '--as-of', '2024-01-31', '--call'];
      const { code, stdout, stderr } = await script('partner', args, addresses);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('\n  RESP   version 1 AVAILABLE; 8 inputs and 1 output, as the partner file has them\n');
      expect(stdout).toMatch(/^ {2}ATS +rows +bytes +ms +rows\/s$/m);
      expect(stdout.match(/^ {4}→ (?:models\.ats|models\.resp|offer): batch: \{ rows: \d+ \}/gm)).toHaveLength(3);
      expect(stdout.match(/^ {4}answers are the same alone and among others/gm)).toHaveLength(3);
    } finally {
      await app.close();
    }
  }, 60_000);

  it('says which address is not set, before a file is read', async () => {
    const { code, stderr } = await script('partner', RETAILER, {
      ...NOTHING_SET,
      RETAILER_SPEND_URL: 'http://127.0.0.1:1/',
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'RETAILER_CHURN_URL, RETAILER_BASKET_URL and RETAILER_COUPON_URL are not set: the partner file of retailer says that addresses are there\n',
    });
  });
});
