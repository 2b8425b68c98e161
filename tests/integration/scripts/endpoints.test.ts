import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { text } from 'node:stream/consumers';
import { exampleAddresses } from '../../../local/endpoints/example-calls.ts';
import { URL_VARIABLES } from '../../default-calls.ts';
import { send } from '../local/s3/sent.ts';
import { script } from './spawned.ts';

let child: ChildProcess | undefined;
/** Processes that are ended whatever has become of the first of them. */
let group: number | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  if (group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // There is none left, as it should be.
  }
  group = undefined;
});

describe('npm run endpoints', () => {
  it('prints what to export, misbehaves as told, and says on Ctrl-C how often', async () => {
    const args = ['scripts/endpoints.ts', '--port', '0', '--faults', 'down:ats,offer.422:100%'];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = running;
    const ended = once(running, 'exit');
    const output = text(running.stdout);
    const [first] = await once(running.stdout, 'data');
    const urls = Object.fromEntries(
      [...String(first).matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, url]) => [name, url]),
    );
    expect(Object.keys(urls)).toEqual([...URL_VARIABLES, ...Object.keys(exampleAddresses(''))]);
    const statuses = [];
    for (const url of [urls.ATS_URL, urls.OFFER_URL, urls.OFFER_URL]) {
      statuses.push((await fetch(url, { method: 'POST' })).status);
    }
    expect(statuses).toEqual([503, 422, 422]);
    const headers = { origin: 'https://attacker.example' };
    expect(await send(urls.OFFER_URL, { method: 'POST', path: '/offer/assign', headers })).toMatchObject({
      status: 403,
    });
    running.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(await output).toMatch(/\nats\.down 1, offer\.422 2\n$/);
  }, 60_000);

  it('prints the addresses of a protocol, and what a partner file says of it', async () => {
    const args = ['scripts/endpoints.ts', '--port', '0', '--protocol', 'instances', '--faults', 'ats.count:100%'];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = running;
    const [first] = await once(running.stdout, 'data');
    const [head, protocol, ats] = String(first).split('\n');
    expect([head, protocol]).toEqual([
      '# For each model and the offer in partners/default.yml:',
      '#   protocol: instances',
    ]);
    const url = ats?.replace('export ATS_URL=', '') ?? '';
    expect(new URL(url).pathname).toBe('/v1/models/ats:predict');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ instances: [[1000, 10, 1000, 10, 1, 0, 0, 0], Array(8).fill(0)] });
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(await answer.json()).toEqual({ predictions: [1000] });
  }, 60_000);

  it('ends with npm when that is told to end, and leaves nothing running', async () => {
    const npm = spawn('npm', ['run', 'endpoints', '--', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    group = npm.pid;
    const output = text(npm.stdout);
    for await (const piece of on(npm.stdout, 'data')) if (String(piece).includes('OFFER_URL')) break;
    npm.kill('SIGTERM');
    // Whoever still runs would hold it open.
    expect(await output).toMatch(/\nno requests\n$/);
  }, 60_000);

  it.each([
    [['--faults', '501:5%'], '--faults: "501" is no fault; there are '],
    [['--latency', 'often'], '--latency must be fixed:20, uniform:5-50 or lognormal:20-400, not "often"'],
    [
      ['--protocol', 'soap'],
      '--protocol must be one of json, instances, mlflow, open-inference, sagemaker, not "soap"',
    ],
    [['--port', '70000'], '--port must be 65535 or less'],
    [['500:5%'], 'faults go after --faults'],
  ])(
    'refuses %j in one line',
    async (args, message) => {
      const { code, stderr, stdout } = await script('endpoints', args, {});
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.startsWith(message)).toBe(true);
      expect(stderr).toMatch(/^[^\n]+\(--help says more\)\n$/);
    },
    60_000,
  );
});
