import { fieldsIn, listOf, rowOf } from './rows.ts';
import { RefusedRequest, type ScoringService } from './scoring-service.ts';
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

/** What TensorFlow Serving tells of a model's versions. */
export const MODEL_STATUS = {
  model_version_status: [{ version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } }],
};

/** What TensorFlow Serving tells of a model's inputs and outputs: one of each name, with a number or a text per row. */
export function signatureOf({ name, inputs, output, gives }: ScoringService) {
  const tensor = (title: string, dtype: string) => ({
    dtype,
    tensor_shape: { dim: [{ size: '-1', name: '' }], unknown_rank: false },
    name: `serving_default_${title}:0`,
  });
  const signature = {
    inputs: Object.fromEntries(inputs.map((input) => [input, tensor(input, 'DT_DOUBLE')])),
    outputs: { [output]: tensor(output, gives === 'text' ? 'DT_STRING' : 'DT_DOUBLE') },
    method_name: 'tensorflow/serving/predict',
  };
  return {
    model_spec: { name, signature_name: '', version: '1' },
    metadata: { signature_def: { signature_def: { serving_default: signature } } },
  };
}
