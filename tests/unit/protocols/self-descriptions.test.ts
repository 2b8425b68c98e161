import type { SelfAnswer, SelfDescriber } from '../../../lib/protocols/self-description.ts';
import { SELF_DESCRIBERS } from '../../../lib/protocols/self-descriptions.ts';

const ok = (value: unknown): SelfAnswer => ({ status: 200, text: JSON.stringify(value) });
const text = (body: string, status = 200): SelfAnswer => ({ status, text: body });

function describerOf(protocol: 'open-inference' | 'instances' | 'mlflow'): SelfDescriber {
  const describer = SELF_DESCRIBERS[protocol];
  if (describer === undefined) throw new Error(`${protocol} tells nothing`);
  return describer;
}

describe('a server of the Open Inference Protocol', () => {
  const { paths, read } = describerOf('open-inference');

  it.each([
    ['/v2/models/ats/infer', ['/v2/health/ready', '/v2/models/ats']],
    ['/v2/models/ats/versions/3/infer', ['/v2/health/ready', '/v2/models/ats/versions/3']],
    ['/seldon/ns/v2/models/a%20b/infer', ['/seldon/ns/v2/health/ready', '/seldon/ns/v2/models/a%20b']],
    ['/ml/ats/predict', []],
    ['/v2/models/ats/infer/', []],
  ])('at %s is asked for what is beside it', (path, asked) => {
    expect(paths(path)).toEqual(asked);
  });

  it('tells its tensors, as Triton does', () => {
    const metadata = {
      name: 'ats',
      versions: ['1', '2'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'input__0', datatype: 'FP32', shape: [-1, 8] }],
      outputs: [{ name: 'output__0', datatype: 'FP32', shape: [-1, 1] }],
    };
    expect(read([text(''), ok(metadata)])).toEqual({
      says: ['ready', 'model ats', 'versions 1, 2', 'onnxruntime_onnx'],
      inputs: [{ name: 'input__0', datatype: 'FP32', shape: [-1, 8] }],
      outputs: [{ name: 'output__0', datatype: 'FP32', shape: [-1, 1] }],
    });
  });

  it('tells a name alone, as MLServer does of models that describe no inputs', () => {
    const metadata = { name: 'ats', versions: [], platform: '', inputs: [], outputs: [] };
    expect(read([ok({ ready: true }), ok(metadata)])).toEqual({
      says: ['ready', 'model ats'],
      inputs: [],
      outputs: [],
    });
  });

  it.each([
    ['503', text('', 503)],
    ['400', text('', 400)],
    ['200 and ready: false', ok({ ready: false })],
  ])('is not ready when it answers %s', (_, health) => {
    expect(read([health, undefined]).says).toEqual(['not ready']);
  });

  it('tells nothing by answers that are none to these questions', () => {
    const nothing = { says: [], inputs: [], outputs: [] };
    expect(read([text('<html>', 404), text('<html>')])).toEqual(nothing);
    expect(read([undefined, ok({ error: 'unknown model' })])).toEqual(nothing);
    expect(read([undefined, ok([1])])).toEqual(nothing);
  });
});

describe('a server of instances', () => {
  const { paths, read } = describerOf('instances');

  it.each([
    ['/v1/models/ats:predict', ['/v1/models/ats', '/v1/models/ats/metadata']],
    ['/v1/models/ats/versions/2:predict', ['/v1/models/ats/versions/2', '/v1/models/ats/versions/2/metadata']],
    [
      '/tf/v1/models/ats/labels/canary:predict',
      ['/tf/v1/models/ats/labels/canary', '/tf/v1/models/ats/labels/canary/metadata'],
    ],
    ['/v1/projects/p/locations/l/endpoints/7:predict', []],
  ])('at %s is asked for what is beside it', (path, asked) => {
    expect(paths(path)).toEqual(asked);
  });

  it('tells the state of its versions and its signature, as TensorFlow Serving does', () => {
    const tensor = (dtype: string, ...sizes: string[]) => ({
      dtype,
      tensor_shape: { dim: sizes.map((size) => ({ size, name: '' })), unknown_rank: false },
      name: 'dense:0',
    });
    const signature = {
      inputs: { dense_input: tensor('DT_FLOAT', '-1', '8') },
      outputs: { dense: tensor('DT_FLOAT', '-1', '1') },
      method_name: 'tensorflow/serving/predict',
    };
    const status = {
      model_version_status: [{ version: '3', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } }],
    };
    const metadata = {
      model_spec: { name: 'ats' },
      metadata: {
        signature_def: {
          signature_def: { __saved_model_init_op: { inputs: {}, outputs: {} }, serving_default: signature },
        },
      },
    };
    expect(read([ok(status), ok(metadata)])).toEqual({
      says: ['version 3 AVAILABLE'],
      inputs: [{ name: 'dense_input', datatype: 'DT_FLOAT', shape: [-1, 8] }],
      outputs: [{ name: 'dense', datatype: 'DT_FLOAT', shape: [-1, 1] }],
    });
  });

  it('tells whether it is ready, as KServe does', () => {
    const says = (answer: SelfAnswer) => read([answer, text('', 404)]).says;
    expect(says(ok({ name: 'ats', ready: true }))).toEqual(['ready']);
    expect(says(ok({ name: 'ats', ready: 'False' }))).toEqual(['not ready']);
    expect(says(text('{"error": "no"}', 404))).toEqual([]);
  });
});

describe('MLflow’s scoring server', () => {
  const { paths, read } = describerOf('mlflow');

  it('is asked at the addresses beside its own', () => {
    expect(paths('/invocations')).toEqual(['/ping', '/health', '/version']);
    expect(paths('/ats/invocations')).toEqual(['/ats/ping', '/ats/health', '/ats/version']);
    expect(paths('/ml/ats/predict')).toEqual([]);
  });

  it('tells that it is ready, and its version', () => {
    expect(read([text('\n'), text('\n'), text('2.14.1\n')]).says).toEqual(['ready', 'MLflow 2.14.1']);
    expect(read([text('', 404), text('\n'), undefined]).says).toEqual(['ready']);
  });

  it('is not what answers everything with a page', () => {
    const page = text('<html>3.14</html>');
    expect(read([page, page, page])).toEqual({ says: [], inputs: [], outputs: [] });
  });
});

it('JSON of no known form and SageMaker tell nothing', () => {
  expect([SELF_DESCRIBERS.json, SELF_DESCRIBERS.sagemaker]).toEqual([undefined, undefined]);
});
