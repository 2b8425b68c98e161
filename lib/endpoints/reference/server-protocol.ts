import { RefusedRequest, type ScoringService } from './scoring-service.ts';

/** A request, as a server reads it. */
export interface ServedRequest {
  /** Without parameters, in lower case. */
  mediaType: string;
  /** Of the answer. */
  accept: string;
  /** What its JSON says, or the text of another type. */
  body: unknown;
}

/** What a server answers. */
export interface ServedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Why a server does not fulfil a request. */
export interface Refused {
  status: number;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * A protocol as servers have it. This and the client in lib/protocols are written independently of each other, so that each
 * is a check of the other.
 */
export interface ServerProtocol {
  /** Types of requests that it reads. */
  readonly mediaTypes: readonly string[];
  /** The rows of a request, each for `ScoringService.score`. @throws RefusedRequest */
  read(received: ServedRequest, service: ScoringService): readonly unknown[];
  /** The answer. @param values of the rows of the request, in their order */
  write(values: readonly (number | string)[], service: ScoringService, received: ServedRequest): ServedAnswer;
  refuse(refused: Refused): ServedAnswer;
}

export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';
export const JSON_LINES_TYPE = 'application/jsonlines';

/** The answer to a request: as of real servers, one row that cannot be scored loses all of them. @throws RefusedRequest */
export function answerTo(protocol: ServerProtocol, service: ScoringService, received: ServedRequest): ServedAnswer {
  if (!protocol.mediaTypes.includes(received.mediaType)) {
    throw new RefusedRequest(
      `this reads ${protocol.mediaTypes.join(', ')}, not ${received.mediaType || 'no type'}`,
      415,
    );
  }
  const rows = protocol.read(received, service);
  if (rows.length === 0) throw new RefusedRequest('there is no row');
  return protocol.write(rows.map(service.score), service, received);
}

export function jsonAnswer(answer: unknown, status = 200, headers: ServedAnswer['headers'] = {}): ServedAnswer {
  return { status, headers: { ...headers, 'content-type': JSON_TYPE }, body: JSON.stringify(answer) };
}

/** `{"error": …}`, as several protocols have it. */
export function plainRefusal({ status, message, headers }: Refused): ServedAnswer {
  return jsonAnswer({ error: message }, status, headers);
}
