import { urlOf } from '../../../lib/partners/call-url.ts';
import { useStack } from '../../../local/stack-environment.ts';
import { partnerFileText, usePartnersFolder } from '../../builders/partners.ts';

const FILE = partnerFileText(
  `score: { title: score, url: "${urlOf('TEST_SCORE_URL')}" }`,
  `size: { title: size, url: "${urlOf('ATS_URL')}" }`,
);

const folder = usePartnersFolder({ 'acme.yml': FILE });
afterEach(() => {
  delete process.env.TEST_SCORE_URL;
});

const STACK = {
  pid: 1,
  bucket: 'offers',
  s3: { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 's' },
  endpoints: { ats: 'http://127.0.0.1:2/ats', resp: 'http://127.0.0.1:2/resp', offer: 'http://127.0.0.1:2/offer' },
};

function environmentOfPredict(): Record<string, unknown> {
  const predict: { environment: Record<string, unknown> } = { environment: { CONCURRENCY: 32 } };
  useStack(
    {
      serviceDir: folder.root,
      processedInput: { commands: [] },
      yamlParser: { parse: async () => ({}) },
      service: {
        provider: { stage: 'dev' },
        custom: { esbuild: {}, local: { environment: {} } },
        functions: { predict },
      },
    },
    STACK,
  );
  return predict.environment;
}

describe('the functions of the local stack', () => {
  it('have the addresses that partner files name, and those of the reference services under their names', () => {
    process.env.TEST_SCORE_URL = 'http://127.0.0.1:3/score';
    expect(environmentOfPredict()).toMatchObject({
      CONCURRENCY: 32,
      TEST_SCORE_URL: 'http://127.0.0.1:3/score',
      ATS_URL: 'http://127.0.0.1:2/ats',
    });
  });

  it('have none that is not set', () => {
    expect(environmentOfPredict()).not.toHaveProperty('TEST_SCORE_URL');
  });
});
