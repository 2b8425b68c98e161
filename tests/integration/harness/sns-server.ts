import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was asked of SNS, by the names that its query protocol has for it. */
export interface Published {
  /** The region that the request was signed for. */
  region: string | undefined;
  parameters: Record<string, string>;
}

const ANSWER =
  '<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>2</RequestId></ResponseMetadata></PublishResponse>';

const refusal = (code: string) =>
  `<ErrorResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>not this time</Message></Error><RequestId>2</RequestId></ErrorResponse>`;

/**
 * Takes messages as SNS does.
 *
 * @param refuse gives the status and the code of an error to answer with
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export async function startSns(refuse: () => { status: number; code: string } | undefined) {
  const published: Published[] = [];
  const server = createServer(async (request, response) => {
    const parameters = Object.fromEntries(new URLSearchParams(await text(request)));
    const [, region] = /Credential=[^/]*\/\d+\/([^/]*)\/sns\//.exec(request.headers.authorization ?? '') ?? [];
    published.push({ region, parameters });
    const refused = refuse();
    response.writeHead(refused?.status ?? 200, { 'content-type': 'text/xml' });
    response.end(refused === undefined ? ANSWER : refusal(refused.code));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    published,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
