import { once } from 'node:events';
import { createServer } from 'node:net';
import { mapNames } from '../../../../lib/registry.ts';
import { ownAddresses, type StackEndpoints, startEndpoints } from '../../../../local/endpoints/stack-endpoints.ts';
import { callsInWords, mapCalls, URL_VARIABLES } from '../../../default-calls.ts';

const WISH = { port: 0, purpose: 'the reference endpoints', option: 'endpointsPort', variable: 'ENDPOINTS_PORT' };

const allBut = (variable: string) => callsInWords(URL_VARIABLES.filter((other) => other !== variable));

const OWN = {
  ...mapNames(URL_VARIABLES, () => 'https://scores.example/any'),
  ATS_URL: 'https://scores.example/ats',
  RESP_URL: 'https://10.0.0.1:81/resp',
  OFFER_URL: 'http://localhost:80/offers',
};

const started: StackEndpoints[] = [];
afterEach(() => {
  for (const endpoints of started.splice(0)) endpoints.stop();
  for (const variable of ['RETAILER_CHURN_URL', ...URL_VARIABLES]) delete process.env[variable];
});

async function start(port = 0): Promise<StackEndpoints> {
  const endpoints = await startEndpoints({ ...WISH, port });
  started.push(endpoints);
  return endpoints;
}

describe('the endpoints of a stack', () => {
  it('are the reference services, in a process of their own, when nobody names others', async () => {
    const { addresses, reference } = await start();
    expect(reference).toBe(true);
    const response = await fetch(addresses.offer, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ats_prediction: 1000, resp_prediction: 0.2 }),
    });
    expect(await response.json()).toEqual({ offer: 'OFFER_2' });
  });

  it('are those of the examples, too, but for what the environment has an address of', async () => {
    process.env.RETAILER_CHURN_URL = 'http://127.0.0.1:1/churn';
    const { examples } = await start();
    expect(Object.keys(examples)).not.toContain('RETAILER_CHURN_URL');
    const response = await fetch(examples.RETAILER_COUPON_URL ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ spend: 100, leaves: 0.5 }),
    });
    expect(await response.json()).toEqual({ coupon: 'COUPON_20' });
  });

  it('are those of the examples beside endpoints of one’s own, on another port than the reference services have', async () => {
    Object.assign(process.env, OWN);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { addresses, examples, reference } = await start(port);
    expect(addresses).toMatchObject({ ats: OWN.ATS_URL });
    expect(reference).toBe(false);
    expect(new URL(examples.NEWSLETTER_CHURN_URL ?? '').port).not.toBe(String(port));
    other.close();
  });

  it('say which port they cannot have, and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start(port)).rejects.toThrow(
      `Port ${port} for the reference endpoints is in use. Choose another with --endpointsPort or ENDPOINTS_PORT, 0 for any.`,
    );
    other.close();
  });

  it('are those of the environment when it has all of them', () => {
    expect(ownAddresses(OWN)).toEqual({
      ...mapCalls(() => 'https://scores.example/any'),
      ats: OWN.ATS_URL,
      resp: OWN.RESP_URL,
      offer: OWN.OFFER_URL,
    });
    expect(ownAddresses({})).toBeUndefined();
  });

  it('are refused when only some are set, by name', () => {
    expect(() => ownAddresses({ ...OWN, RESP_URL: '' })).toThrow(`${allBut('RESP_URL')} are set, but not RESP_URL.`);
    expect(() => ownAddresses({ ATS_URL: OWN.ATS_URL })).toThrow(`ATS_URL is set, but not ${allBut('ATS_URL')}.`);
  });

  it('are refused when one cannot be called safely, by name', () => {
    const refused = (OFFER_URL: string) => expect(() => ownAddresses({ ...OWN, OFFER_URL }));
    refused('http://offers.example/').toThrow('OFFER_URL must be an https address; http is for this machine alone');
    refused('https://me:pass@offers.example/').toThrow('OFFER_URL must not hold a user name or password');
  });
});
