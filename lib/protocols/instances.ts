import { JSON_HEADERS, listIn, parseJson } from './json-answer.ts';
import { type Protocol, type ProtocolKind, type Row, USUAL_ROWS } from './protocol.ts';

/** @param instanceOf what stands for a row */
function protocol(instanceOf: (row: Row) => unknown): Protocol {
  return {
    headers: JSON_HEADERS,
    isNamed: false,
    encode: (rows) => JSON.stringify({ instances: rows.map(instanceOf) }),
    decode: (text, example) => listIn(parseJson(text, example), 'predictions', example),
    example: (value) => `{"predictions": [${value}]}`,
  };
}

const objects = protocol((row) => row);
const lists = protocol(Object.values);

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
