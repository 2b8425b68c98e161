import { PREDICTIONS_ANSWER } from './json-answer.ts';
import { type Protocol, type ProtocolKind, type Row, USUAL_ROWS } from './protocol.ts';

/** A request whose rows are objects. */
export function objectInstances(rows: readonly Row[]): string {
  return JSON.stringify({ instances: rows });
}

/** A request whose rows are lists of numbers. */
export function listInstances(rows: readonly Row[]): string {
  return JSON.stringify({ instances: rows.map(Object.values) });
}

const objects: Protocol = { ...PREDICTIONS_ANSWER, encode: objectInstances };
const lists: Protocol = { ...PREDICTIONS_ANSWER, encode: listInstances };

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
