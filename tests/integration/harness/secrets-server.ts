import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/**
 * Answers as Secrets Manager and Parameter Store do.
 *
 * @param read gives the text that is kept there now; undefined when there is none
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function startSecretsServer(read: () => string | undefined) {
  const asked: { target: unknown; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    asked.push({ target, body: await json(request) });
    const text = read();
    response.writeHead(text === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(text === undefined ? { __type: 'ResourceNotFoundException' } : answer(target, text)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(target: unknown, text: string) {
  return target === 'AmazonSSM.GetParameter' ? { Parameter: { Value: text } } : { SecretString: text };
}
