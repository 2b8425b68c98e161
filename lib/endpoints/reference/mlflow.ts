import * as z from 'zod';
import { csvRowsWithHeader } from './csv-rows.ts';
import { fieldsIn, listOf, namedRow, rowOf, rowsOfColumns } from './rows.ts';
import { RefusedRequest, readAs, type ScoringService } from './scoring-service.ts';
import { CSV_TYPE, JSON_TYPE, jsonAnswer, type ServerProtocol } from './server-protocol.ts';

/** Whose scoring server this answers like. */
export const MLFLOW_VERSION = '3.1.0';

const splitSchema = z.object({ columns: z.array(z.string()), data: z.array(z.array(z.unknown())) });

/** The keys of a request, of which there has to be exactly one. */
const READERS: Readonly<Record<string, (sent: unknown, service: ScoringService) => readonly unknown[]>> = {
  dataframe_split: (sent) => {
    const { columns, data } = readAs(splitSchema, sent);
    if (new Set(columns).size < columns.length) throw new RefusedRequest('columns has a name twice');
    return data.map((values) => namedRow(columns, values));
  },
  dataframe_records: (sent) => listOf(sent),
  instances: (sent, service) => listOf(sent).map((row) => rowOf(row, service)),
  inputs: (sent, service) =>
    Array.isArray(sent)
      ? sent.map((row) => rowOf(row, service))
      : rowsOfColumns(new Map([...fieldsIn(sent)].map(([name, values]) => [name, listOf(values)]))),
};

const KEYS = Object.keys(READERS);

/** By their HTTP statuses; all others are errors of the server. */
const ERROR_CODES = new Map([
  [400, 'BAD_REQUEST'],
  [401, 'UNAUTHENTICATED'],
  [404, 'RESOURCE_DOES_NOT_EXIST'],
  [413, 'BAD_REQUEST'],
  [415, 'BAD_REQUEST'],
  [422, 'INVALID_PARAMETER_VALUE'],
  [429, 'REQUEST_LIMIT_EXCEEDED'],
  [503, 'TEMPORARILY_UNAVAILABLE'],
]);

/**
 * As MLflow's scoring server and Databricks answer.
 *
 * @see https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 */
export const mlflow: ServerProtocol = {
  mediaTypes: [JSON_TYPE, CSV_TYPE],
  read: ({ mediaType, body }, service) => {
    if (mediaType === CSV_TYPE) return csvRowsWithHeader(body);
    const sent = fieldsIn(body);
    const [key, ...others] = KEYS.filter((known) => sent.has(known));
    const read = key === undefined ? undefined : READERS[key];
    if (key === undefined || read === undefined || others.length > 0) {
      throw new RefusedRequest(`the request must have exactly one of ${KEYS.join(', ')}`);
    }
    return read(sent.get(key), service);
  },
  write: (values) => jsonAnswer({ predictions: values }),
  refuse: ({ status, message, headers }) =>
    jsonAnswer({ error_code: ERROR_CODES.get(status) ?? 'INTERNAL_ERROR', message }, status, headers),
};
