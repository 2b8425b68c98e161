import { fieldsIn, listOf, rowOf } from './rows.ts';
import { RefusedRequest } from './scoring-service.ts';
import { JSON_TYPE, jsonAnswer, plainRefusal, type ServerProtocol } from './server-protocol.ts';

/**
 * As TensorFlow Serving, KServe's first version and Vertex AI answer: rows are objects or lists.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
export const instances: ServerProtocol = {
  mediaTypes: [JSON_TYPE],
  read: ({ body }, service) => {
    const sent = fieldsIn(body);
    if (!sent.has('instances')) throw new RefusedRequest('the request has no "instances"');
    if (sent.has('inputs')) throw new RefusedRequest('the request may have "instances" or "inputs", not both');
    return listOf(sent.get('instances')).map((row) => rowOf(row, service));
  },
  write: (values) => jsonAnswer({ predictions: values }),
  refuse: plainRefusal,
};
