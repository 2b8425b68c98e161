import type { Serverless } from '../../../local/serverless.ts';
import { startStack } from '../../../local/start.ts';

const serverless: Serverless = {
  serviceDir: '.',
  processedInput: { commands: ['offline', 'start'] },
  yamlParser: { parse: async () => ({}) },
  service: { provider: { stage: 'dev' }, custom: { esbuild: {} }, functions: {} },
};

describe('a stack', () => {
  it.each(['0.0.0.0', '192.168.1.2', '::'])('is for this machine alone, and does not listen on %s', async (host) => {
    await expect(startStack(serverless, { host })).rejects.toThrow(
      `--host ${host} is not possible: the local stack serves only this machine, and listens on 127.0.0.1.`,
    );
  });
});
