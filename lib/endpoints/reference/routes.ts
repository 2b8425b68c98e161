import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MODEL_STATUS, signatureOf } from './instances.ts';
import { jsonObjects } from './json-objects.ts';
import { MLFLOW_VERSION } from './mlflow.ts';
import { metadataOf } from './open-inference.ts';
import { RefusedRequest, type ScoringService } from './scoring-service.ts';
import {
  answerTo,
  CSV_TYPE,
  JSON_LINES_TYPE,
  type ServedAnswer,
  type ServedRequest,
  type ServerProtocol,
} from './server-protocol.ts';
import { protocolBelow, recognized } from './server-protocols.ts';

/** A function URL of Lambda takes no more, either. Bytes. */
export const BODY_LIMIT = 6 * 1024 * 1024;

/** Has an app read requests of all types that one of the protocols has. Others are refused. */
export function readAllTypes(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    [CSV_TYPE, JSON_LINES_TYPE],
    { parseAs: 'string' },
    async (_: unknown, text: unknown) => text,
  );
}

/** Serves a service at a path that is of no protocol: a request is answered in the protocol that it has. */
export function serveAny(app: FastifyInstance, path: string, service: ScoringService): void {
  app.post(path, async (request, reply) => {
    const received = receivedOf(request);
    const protocol = recognized(received);
    // The bench measures these, so nothing more is done for them.
    if (protocol === jsonObjects && !Array.isArray(received.body)) {
      return { [service.output]: service.score(received.body) };
    }
    try {
      return await send(reply, answerTo(protocol, service, received));
    } catch (error) {
      return send(reply, refusal(protocol, error));
    }
  });
}

/** Serves a service at a path of a protocol. Whatever is wrong is answered as the protocol has it. */
export function serveProtocol(
  app: FastifyInstance,
  path: string,
  protocol: ServerProtocol,
  service: ScoringService,
): void {
  app.route({
    method: 'POST',
    // A colon alone would begin the name of a parameter.
    url: path.replaceAll(':', '::'),
    handler: async (request, reply) => send(reply, answerTo(protocol, service, receivedOf(request))),
    errorHandler: (error: FastifyError, _request, reply) => send(reply, refusal(protocol, error)),
  });
}

/** What servers of some protocols tell of themselves and of their models. */
export function serveMetadata(app: FastifyInstance, services: readonly ScoringService[]): void {
  app.get('/v2', async () => ({ name: 'member-offers', version: '1', extensions: [] }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async () => ({ ready: true }));
  for (const service of services) {
    const { name } = service;
    app.get(`/v2/models/${name}`, async () => metadataOf(service));
    app.get(`/v2/models/${name}/ready`, async () => ({ name, ready: true }));
    app.get(`/v1/models/${name}`, async () => MODEL_STATUS);
    app.get(`/v1/models/${name}/metadata`, async () => signatureOf(service));
    app.get(`/mlflow/${name}/ping`, async () => '\n');
    app.get(`/mlflow/${name}/health`, async () => '\n');
    app.get(`/mlflow/${name}/version`, async () => MLFLOW_VERSION);
  }
}

/** Answers requests to other paths, also as the protocol has it whose paths they are among. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler(async ({ method, url }, reply) => {
    const missing = new RefusedRequest(`there is no ${method} ${url}`, 404);
    const protocol = protocolBelow(url);
    if (protocol === undefined) throw missing;
    return send(reply, refusal(protocol, missing));
  });
}

/** A request, as protocols read it. */
export function receivedOf({ headers, body }: FastifyRequest): ServedRequest {
  return { mediaType: mediaTypeOf(headers['content-type']), accept: headers.accept ?? '', body };
}

function mediaTypeOf(header = ''): string {
  const [type = ''] = header.split(';');
  return type.trim().toLowerCase();
}

function refusal(protocol: ServerProtocol, error: unknown): ServedAnswer {
  if (!(error instanceof Error)) throw error;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return protocol.refuse({ status, message: error.message });
}

async function send(reply: FastifyReply, { status, headers, body }: ServedAnswer): Promise<FastifyReply> {
  return reply.code(status).headers(headers).send(body);
}
