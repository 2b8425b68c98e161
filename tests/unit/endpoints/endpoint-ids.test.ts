import { Credentials } from '../../../lib/endpoints/credentials.ts';
import { endpointIdOf, endpointIdsOf } from '../../../lib/endpoints/endpoint-ids.ts';
import { CredentialsError } from '../../../lib/endpoints/headers.ts';
import { definitionSchema } from '../../../lib/partners/definition-schema.ts';
import type { Partners } from '../../../lib/partners/partners.ts';
import { DEFAULT } from '../../default-partner.ts';

const ACME = definitionSchema.parse({
  ...DEFAULT,
  models: {
    ats: { title: 'x', url: 'https://acme.example/ats' },
    spend: { title: 'y', url: 'https://acme.example/y' },
  },
  offer: undefined,
});

const PARTNERS: Partners = {
  names: ['acme', 'default'],
  read: (name) => ({ file: `${name}.yml`, digest: 'd', definition: name === 'acme' ? ACME : DEFAULT }),
};

describe('the endpoints of a deployment', () => {
  it('are told apart by partner and call, those of default.yml by the call alone', () => {
    expect(endpointIdsOf(PARTNERS)).toEqual(['ats', 'resp', 'offer', 'acme/ats', 'acme/spend']);
    expect(endpointIdOf('default', 'ats')).toBe('ats');
    expect(endpointIdOf('acme', 'offer')).toBe('acme/offer');
  });

  it('are sent their own headers, and no partner those of another that has a model of the same name', async () => {
    const headers = { ats: { 'x-api-key': 'default-key' }, 'acme/spend': { 'x-api-key': 'acme-key' } };
    const credentials = new Credentials({
      read: async () => JSON.stringify(headers),
      kept: 'the store',
      endpoints: () => endpointIdsOf(PARTNERS),
    });
    await credentials.prepare();
    const keyOf = (id: string) => credentials.for(id).current['x-api-key'];
    expect(['ats', 'acme/ats', 'acme/spend'].map(keyOf)).toEqual(['default-key', undefined, 'acme-key']);
  });

  it('have none of the headers in what any of them has put into an answer, whoever it is', async () => {
    const partners = {
      acme: { spend: { 'x-api-key': 'acme-spend-key' }, ats: { authorization: 'Bearer acme-token' } },
    };
    const credentials = new Credentials({
      read: async () => JSON.stringify({ ats: { 'x-api-key': 'default-key' }, partners }),
      kept: 'the store',
      endpoints: () => endpointIdsOf(PARTNERS),
    });
    await credentials.prepare();
    expect(credentials.for('acme/spend').current['x-api-key']).toBe('acme-spend-key');
    expect(credentials.for('ats').current).toMatchObject({ 'x-api-key': 'default-key' });
    for (const id of ['ats', 'resp', 'acme/ats', 'acme/spend']) {
      const redacted = credentials.for(id).redact('default-key, acme-spend-key and acme-token');
      expect(redacted).toBe('[redacted], [redacted] and [redacted]');
    }
  });

  it('have no headers for one that there is not', async () => {
    const credentials = new Credentials({
      read: async () => '{"acme/spent": {"x-api-key": "k"}}',
      kept: 'the store',
      endpoints: () => endpointIdsOf(PARTNERS),
    });
    await expect(credentials.prepare()).rejects.toThrow(CredentialsError);
    await expect(credentials.prepare()).rejects.toThrow(
      'what it holds is not headers for ats, resp, offer, acme/ats and acme/spend. Expected is {"ats": {"x-api-key": "…"}, "resp": {…}, "offer": {…}, …}',
    );
  });
});
