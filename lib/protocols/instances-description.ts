import * as z from 'zod';
import {
  readSelfAnswer,
  type SelfAnswer,
  type SelfDescriber,
  TELLS_NOTHING,
  type ToldTensor,
  yesOrNo,
} from './self-description.ts';

const ADDRESS = /^(.*\/v1\/models\/[^/:]+(?:\/(?:versions|labels)\/[^/:]+)?):predict$/;

/** What is served unless a request names another one. */
const SIGNATURE = 'serving_default';

const tensorsSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    tensor_shape: z
      .object({ dim: z.array(z.object({ size: z.coerce.number() })).default([]), unknown_rank: z.boolean().optional() })
      .optional(),
  }),
);

const metadataSchema = z.object({
  metadata: z.object({
    signature_def: z.object({
      signature_def: z.record(z.string(), z.object({ inputs: tensorsSchema, outputs: tensorsSchema })),
    }),
  }),
});

const statusSchema = z.object({
  model_version_status: z.array(z.object({ version: z.coerce.string(), state: z.string() })),
});

const readySchema = z.object({ ready: yesOrNo });

/**
 * TensorFlow Serving tells the state of a model, and its tensors; KServe whether it is ready. Vertex AI tells neither.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export const INSTANCES_DESCRIPTION: SelfDescriber = {
  paths(path) {
    const [, model] = ADDRESS.exec(path) ?? [];
    return model === undefined ? [] : [model, `${model}/metadata`];
  },
  read([model, metadata]) {
    const signatures = readSelfAnswer(metadataSchema, metadata)?.metadata.signature_def.signature_def ?? {};
    const { inputs = {}, outputs = {} } = signatures[SIGNATURE] ?? {};
    const says = stateTexts(model);
    return { ...TELLS_NOTHING, says, inputs: tensorsIn(inputs), outputs: tensorsIn(outputs) };
  },
};

function stateTexts(model: SelfAnswer | undefined): string[] {
  const ready = readSelfAnswer(readySchema, model)?.ready;
  if (ready !== undefined) return [ready ? 'ready' : 'not ready'];
  const versions = readSelfAnswer(statusSchema, model)?.model_version_status ?? [];
  return versions.map(({ version, state }) => `version ${version} ${state}`);
}

function tensorsIn(tensors: z.infer<typeof tensorsSchema>): ToldTensor[] {
  return Object.entries(tensors).map(([name, { dtype, tensor_shape }]) => ({
    name,
    datatype: dtype,
    shape: tensor_shape?.unknown_rank ? undefined : tensor_shape?.dim.map(({ size }) => size),
  }));
}
