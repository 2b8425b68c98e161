import { subscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, ServerResponse } from 'node:http';
import { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';

/** The only address that local servers listen on: other machines cannot reach it. */
export const HOST = '127.0.0.1';

/** The names of this machine in a valid Host header. */
const NAMES = [HOST, 'localhost', '[::1]'];

const HTTP_PORT = 80;

/** All events of a server about a request. */
const REQUESTS = ['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect'];

const announcementSchema = z.object({ server: z.instanceof(Server) });

/**
 * Keeps web pages out of a server of this machine. Any page in the developer's browser can send requests to the server,
 * and can read the answers when the name of the page's own server resolves to this machine (DNS rebinding). Clients
 * other than browsers do not say where a request comes from, and pass. Call this when the server has its listeners.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function guard<S extends Server>(server: S): S {
  for (const event of REQUESTS) {
    const listeners = server.rawListeners(event);
    if (listeners.length === 0) continue;
    server.removeAllListeners(event);
    server.on(event, (request: IncomingMessage, answer: ServerResponse | Duplex, ...others: unknown[]) => {
      const problem = problemWith(request);
      if (problem !== undefined) return refuse(answer, problem);
      for (const listener of listeners) Reflect.apply(listener, server, [request, answer, ...others]);
    });
  }
  return server;
}

/**
 * Guards every server that this process opens from now on: serverless-offline gives no access to its servers, but Node
 * announces each before it listens.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#net
 */
export function guardServersToCome(): void {
  subscribe('tracing:net.server.listen:asyncStart', (message) => guard(announcementSchema.parse(message).server));
}

/**
 * Serves an app to programs on this machine.
 *
 * @param port 0 for any free one
 * @returns its address
 * @throws the error of listen (EADDRINUSE, EACCES) when the port cannot be opened
 */
export async function serveGuarded(app: FastifyInstance, port: number): Promise<string> {
  guard(app.server);
  return app.listen({ host: HOST, port });
}

function problemWith({ headers, socket }: IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  const hosts = hostsAt(socket.localPort);
  if (!hosts.includes(host.toLowerCase()))
    return `Host is ${JSON.stringify(host)}, but has to be ${hosts.join(' or ')}`;
  if (origin !== undefined && origin !== `http://${host}`) return `Origin is ${JSON.stringify(origin)}`;
  if (site !== 'none' && site !== 'same-origin') return `Sec-Fetch-Site is ${JSON.stringify(site)}`;
  return undefined;
}

function hostsAt(port: number | undefined): string[] {
  const hosts = NAMES.map((name) => `${name}:${port}`);
  return port === HTTP_PORT ? [...NAMES, ...hosts] : hosts;
}

function refuse(answer: ServerResponse | Duplex, problem: string): void {
  const text = `This server answers only programs on this machine, not web pages from elsewhere: ${problem}.\n`;
  if (answer instanceof ServerResponse) {
    answer.writeHead(403, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff', connection: 'close' });
    answer.end(text);
  } else {
    answer.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${text}`);
  }
}
