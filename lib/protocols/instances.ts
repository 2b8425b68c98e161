import { JSON_HEADERS, listIn, parseJson } from './json-answer.ts';
import { type Protocol, type ProtocolKind, type Row, USUAL_ROWS } from './protocol.ts';

/** A request whose rows are objects. */
export function objectInstances(rows: readonly Row[]): string {
  return JSON.stringify({ instances: rows });
}

/** A request whose rows are lists of numbers. */
export function listInstances(rows: readonly Row[]): string {
  return JSON.stringify({ instances: rows.map(Object.values) });
}

function protocol(encode: Protocol['encode']): Protocol {
  return {
    headers: JSON_HEADERS,
    isNamed: false,
    encode,
    decode: (text, example) => listIn(parseJson(text, example), 'predictions', example),
    example: (value) => `{"predictions": [${value}]}`,
  };
}

const objects = protocol(objectInstances);
const lists = protocol(listInstances);

/**
 * The protocol of TensorFlow Serving, version 1 of KServe's, and Vertex AI's.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export const INSTANCES: ProtocolKind = {
  layouts: { objects: { rows: USUAL_ROWS, of: () => objects }, lists: { rows: USUAL_ROWS, of: () => lists } },
  keys: [],
};
