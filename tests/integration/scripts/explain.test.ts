import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { mapNames } from '../../../lib/registry.ts';
import { callsInWords, PREDICTIONS, URL_VARIABLES } from '../../default-calls.ts';
import { json, startScriptedServer, text } from '../../unit/endpoints/scripted-server.ts';
import { CSV, HEADER } from './explain-sample.ts';
import { script } from './spawned.ts';

// Each test starts the command, some of them more than once, perhaps on a machine that is busy with other tests.
jest.setTimeout(30_000);

const AS_OF = ['--as-of', '2024-01-31'];
const NO_ENDPOINTS = mapNames(URL_VARIABLES, () => '');

let directory: string;
let env: Record<string, string>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'explain-'));
  env = { STACK_DIR: directory, ...NO_ENDPOINTS };
});

afterEach(() => rm(directory, { recursive: true }));

const explain = (...args: string[]) => script('explain', args, env);

async function file(content = CSV): Promise<string> {
  const path = join(directory, 'members.csv');
  await writeFile(path, content);
  return path;
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await explain(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  return stderr;
}

it('shows times by the clocks of the partner’s time zone, as they stand in the file', async () => {
  const { stdout } = await explain('events/retailer.csv', '78BD769F', '--partner', 'retailer', ...AS_OF);
  expect(stdout).toContain('    line  time (Europe/Berlin)  kind      amount EUR\n');
  // 27.06.2022 23:21;K;306,05
  expect(stdout).toContain('     113  2022-06-27 23:21:00   purchase      306.05\n');
});

describe('a member of a file', () => {
  it('is explained from its transactions to its offer', async () => {
    const { code, stdout, stderr } = await explain(await file(), 'M0012', ...AS_OF);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('M0012: OFFER_1\n');
    expect(stdout).toContain('the reference endpoints');
    expect(stdout).toContain(`
       2  2023-12-20 10:00:00  buy      1,200         12.5
  *    4  2023-12-20 10:00:00               0          4    blank: kind, points
  *    6  2023-12-31 23:59:59  buy        500          3.5
  *    5  2024-01-10 00:00:00  redeem    −300          0
`);
    expect(stdout).toContain('line 7: LAST_TRANSACTION_TS "2024-02-01" is after the as-of day');
    expect(stdout).toContain(`
  AVG_POINTS_BOUGHT                     = (1,200 + 0 + 500 − 300) / 4 = 350
  AVG_REVENUE_USD                       = (12.5 + 4 + 3.5 + 0) / 4 = 5
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT = (0 + 500 − 300) / 3 = 66.66666666666667
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD   = (4 + 3.5 + 0) / 3 = 2.5
  PCT_BUY_TRANSACTIONS                  = 2 buy of 4 = 0.5
  PCT_GIFT_TRANSACTIONS                 = 0 gift of 4 = 0
  PCT_REDEEM_TRANSACTIONS               = 1 redeem of 4 = 0.25
  DAYS_SINCE_LAST_TRANSACTION           = 2024-01-31 − 2024-01-10 = 21 days
`);
    // ATS = (0.7 · 66.67 + 0.3 · 350) · (0.5 − 0.25); RESP = 1000 · 0.275 · 3.25 / 100 / 22.
    expect(stdout).toMatch(/→ prediction 37\.9166\d+ \(1 attempt, [\d.]+ m?s\)/);
    expect(stdout).toMatch(/→ prediction 0\.406\d+ \(1 attempt, [\d.]+ m?s\)/);
    expect(stdout).toMatch(/expected value {2}ATS × RESP = 37\.9\d+ × 0\.40\d+ = 15\.40\d+\n/);
    expect(stdout).toMatch(/→ offer OFFER_1 \(1 attempt, [\d.]+ m?s\)/);
    expect(stdout).toMatch(/total {11}[\d.]+ m?s;/);
  });

  it('is the same as one JSON document', async () => {
    const { code, stdout } = await explain(await file(), 'M0012', ...AS_OF, '--json');
    const explanation = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(explanation).toMatchObject({
      memberId: 'M0012',
      asOf: '2024-01-31',
      source: { endpoints: { reference: true } },
      transactions: [
        { line: 2, time: '2023-12-20T10:00:00.000Z' },
        { line: 4, blank: ['kind', 'points'] },
        { line: 6 },
        { line: 5, points: -300 },
      ],
      rejected: [{ line: 7 }],
      outcome: { status: 'SCORED', offer: 'OFFER_1' },
      calls: [
        { call: 'ats', attempts: 1, request: { AVG_POINTS_BOUGHT: 350 } },
        { call: 'resp' },
        { call: 'offer', answer: 'OFFER_1' },
      ],
    });
    expect(explanation.features[0]).toEqual({
      name: 'AVG_POINTS_BOUGHT',
      value: 350,
      arithmetic: { type: 'mean', terms: [1200, 0, 500, -300], total: 1400 },
    });
    expect(explanation.features[7].arithmetic).toEqual({ type: 'days', from: '2024-01-10', to: '2024-01-31' });
  });

  it('is scored by the endpoints in the environment, whose addresses are shown without their secrets', async () => {
    const server = await startScriptedServer(
      json({ prediction: 40 }),
      json({ prediction: 0.5 }),
      json({ offer: 'X\x1b[31m' }),
    );
    const url = (path: string) => server.url(path).href;
    env = { ...env, ATS_URL: url('/a?key=secret'), RESP_URL: url('/r'), OFFER_URL: url('/o') };
    env.EXPECTED_RESP = '0..0.4';
    env.ENDPOINT_HEADERS = '{"ats": {"x-api-key": "secret-7"}, "resp": {"x-api-key": "secret-7"}}';
    const { code, stdout } = await explain(await file(), 'M0112', ...AS_OF);
    await server.close();
    expect({ code, paths: server.requests.map(({ path }) => path).toSorted() }).toEqual({
      code: 0,
      paths: ['/a?key=secret', '/o', '/r'],
    });
    expect(server.requests.map((request) => request.headers['x-api-key'])).toEqual(['secret-7', 'secret-7', undefined]);
    expect(stdout).toContain('M0112: X\\u001b[31m\n');
    expect(stdout).toContain(`those of ${callsInWords(URL_VARIABLES)}`);
    expect(stdout).toContain('  note       RESP should be 0 to 0.4, and is 0.5 (see EXPECTED_RESP)\n');
    expect(stdout).toContain(`POST ${server.url('/a').href}\n`);
    expect(stdout).not.toContain('secret');
    expect(stdout).toMatch(/= (40 × 0\.5|0\.5 × 40) = 20\n/);
  });

  it('that fails is told with the endpoint’s own words, made harmless, and ends with 2', async () => {
    const server = await startScriptedServer(text('no such \x1b[2Jmodel', 404));
    env = { ...env, ...mapNames(URL_VARIABLES, () => server.url('/any').href) };
    const { code, stdout } = await explain(await file(), 'M0112', ...AS_OF);
    await server.close();
    expect(code).toBe(2);
    expect(stdout).toContain(`M0112: FAILED at ${callsInWords(PREDICTIONS.map((call) => call.toUpperCase()))}\n`);
    expect(stdout).toMatch(
      /→ failed with status 404 \(1 attempt, [\d.]+ m?s\): ATS endpoint .*no such \\u001b\[2Jmodel/,
    );
    expect(stdout).toContain('OFFER  not called, because a prediction is missing');
    expect(stdout).toContain('none: the member failed');
    expect(stdout).not.toContain('\x1b');
  });

  it('is tried for as often as in a run with the same settings', async () => {
    const server = await startScriptedServer(text('busy', 500));
    env = { ...env, ...mapNames(URL_VARIABLES, () => server.url('/any').href) };
    env = { ...env, MAX_ATTEMPTS: '7', RETRY_DELAY_MS: '0' };
    const { code, stdout } = await explain(await file(), 'M0112', ...AS_OF);
    await server.close();
    expect(code).toBe(2);
    expect(stdout).toContain('→ failed with status 500 (7 attempts, ');
    expect(server.requests).toHaveLength(7 * PREDICTIONS.length);
  });
});

describe('a hostile file', () => {
  it('does nothing to the terminal', async () => {
    const id = `\ufff9${'x'.repeat(1_000)}`;
    const path = await file([HEADER, `${id},2024-01-01,buy,1,1`, `${id},2024-01-01,\x1b[2J\u009b,1,1`].join('\n'));
    const { code, stdout } = await explain(path, id, ...AS_OF);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\\ufff9x{193}…: OFFER_1\n/);
    expect(stdout).toContain('line 3: LAST_TRANSACTION_TYPE "\\u001b[2J\\u009b" is not buy, gift or redeem');
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    // What nobody sees in an id is no part of it, in the file as on the command line.
    expect((await explain(path, `\u202e${id}`, ...AS_OF)).code).toBe(0);
  });
});

describe('explain says in one line, and ends with 1, that', () => {
  it('there is no such member, and who may be meant', async () => {
    const path = await file();
    expect(await refusal(path, 'M0O12', ...AS_OF)).toBe(`no member "M0O12" in ${path}; nearest: M0012, M0112\n`);
    expect(await refusal(path, 'm0012', ...AS_OF)).toContain('nearest: M0012, M0112 (case matters)\n');
  });

  it('all rows of a member were rejected', async () => {
    expect(await refusal(await file(), 'ONLY-REJECTED', ...AS_OF)).toMatch(
      /rejected rows that name it: 1, the first in line 8: LAST_TRANSACTION_POINTS_BOUGHT "many" is not a number/,
    );
  });

  it('an id that would command the terminal is unknown', async () => {
    const line = await refusal(await file(), `\x1b[2J\u202e${'x'.repeat(1_000)}`, ...AS_OF);
    expect(line).toMatch(/^no member "\\u001b\[2J\\u202ex+…" in /);
    expect(line.length).toBeLessThan(500);
  });

  it('a file is there no more, or of no use', async () => {
    expect(await refusal(join(directory, 'none\x1b.csv'), 'A')).toContain('none\\u001b.csv');
    expect(await refusal(await file('a,b\n1,2\n'), 'A')).toContain('members.csv cannot be used: no header');
  });

  it('only some of the endpoints are given', async () => {
    env = { ...env, ATS_URL: 'http://127.0.0.1:9/a' };
    expect(await refusal(await file(), 'M0012')).toContain(
      `ATS_URL is set, but not ${callsInWords(URL_VARIABLES.filter((name) => name !== 'ATS_URL'))}`,
    );
  });

  it('arguments are missing', async () => {
    expect(await refusal()).toContain('npm run explain -- FILE.csv|RUN_ID MEMBER_ID');
  });

  it('no stack is running', async () => {
    expect(await refusal('20240131T101502Z-3f9a1c2e', 'A')).toMatch(/^no local stack is running/);
  });
});
