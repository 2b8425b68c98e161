import { request } from 'undici';
import type { HeaderSource } from '../../lib/endpoints/credentials.ts';
import { Redactor } from '../../lib/endpoints/redactor.ts';
import type { SelfAnswer, SelfDescriber, SelfDescription } from '../../lib/protocols/self-description.ts';

/** Descriptions of models with hundreds of inputs are far smaller. */
const MAX_BYTES = 1_000_000;

/** Whom to ask. */
export interface AskedServer {
  /** That rows are sent to. */
  url: URL;
  headers: HeaderSource;
  /** For each answer. */
  timeoutMs: number;
}

/** What a server has told of itself. */
export interface ToldOfItself {
  description: SelfDescription;
  /** Why there was no answer at all, without what may be secret. */
  problem: string | undefined;
}

/** Asks a server what it is and what it expects, with the endpoint's headers. Whatever it does not answer is no fault. */
export async function askAboutItself(describer: SelfDescriber, server: AskedServer): Promise<ToldOfItself> {
  const { url, headers } = server;
  const query = new Redactor();
  query.add(Object.fromEntries(url.searchParams));
  const redact = (text: string) => query.redact(headers.redact(text));
  const answers: (SelfAnswer | undefined)[] = [];
  let problem: string | undefined;
  for (const path of describer.paths(url.pathname)) {
    try {
      const { status, text } = await get(new URL(`${url.origin}${path}${url.search}`), server);
      answers.push({ status, text: redact(text) });
    } catch (error) {
      answers.push(undefined);
      problem ??= redact(reasonOf(error));
      if (isTimeout(error)) break;
    }
  }
  const isAnswered = answers.some((answer) => answer !== undefined);
  return { description: describer.read(answers), problem: isAnswered ? undefined : problem };
}

/** Redirects are not followed: headers go to nobody but the service that was named. */
async function get(url: URL, { headers, timeoutMs }: AskedServer): Promise<SelfAnswer> {
  const { statusCode: status, body } = await request(url, {
    headers: { accept: 'application/json, */*', ...headers.current },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return { status, text: '' };
    chunks.push(chunk);
  }
  return { status, text: Buffer.concat(chunks).toString() };
}

function reasonOf(error: unknown): string {
  return isTimeout(error) ? 'it did not answer in time' : `it could not be reached: ${messageIn(error)}`;
}

/** A person waits: such a server is asked nothing more. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function messageIn(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageIn).join(', ');
  return error instanceof Error ? error.message : String(error);
}
