import * as z from 'zod';
import {
  isSuccess,
  readSelfAnswer,
  type SelfAnswer,
  type SelfDescriber,
  type ToldTensor,
  yesOrNo,
} from './self-description.ts';

const ADDRESS = /^(.*\/v2)(\/models\/[^/]+(?:\/versions\/[^/]+)?)\/infer$/;

/** What is asked whether it is ready answers so when it is not: Triton and MLServer, and KServe. */
const NOT_READY = [400, 503];

const tensorsSchema = z.array(
  z
    .object({ name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number()).optional() })
    .transform(({ name, datatype, shape }): ToldTensor => ({ name, datatype, shape })),
);

const modelSchema = z.object({
  name: z.string().optional(),
  versions: z.array(z.coerce.string()).nullish(),
  platform: z.string().nullish(),
  inputs: tensorsSchema.nullish(),
  outputs: tensorsSchema.nullish(),
});

/**
 * Servers of the Open Inference Protocol tell the names, datatypes and shapes of a model's tensors, but for some kinds of
 * models.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export const OPEN_INFERENCE_DESCRIPTION: SelfDescriber = {
  paths(path) {
    const [, root, model] = ADDRESS.exec(path) ?? [];
    return root === undefined || model === undefined ? [] : [`${root}/health/ready`, `${root}${model}`];
  },
  read([health, metadata]) {
    const model = readSelfAnswer(modelSchema, metadata);
    return {
      says: [...readiness(health), ...(model === undefined ? [] : modelTexts(model))],
      inputs: model?.inputs ?? [],
      outputs: model?.outputs ?? [],
    };
  },
};

function readiness(health: SelfAnswer | undefined): string[] {
  if (health !== undefined && NOT_READY.includes(health.status)) return ['not ready'];
  if (!isSuccess(health)) return [];
  return readSelfAnswer(z.object({ ready: yesOrNo }), health)?.ready === false ? ['not ready'] : ['ready'];
}

function modelTexts({ name, versions, platform }: z.infer<typeof modelSchema>): string[] {
  const [version, ...others] = versions ?? [];
  return [
    ...(name === undefined ? [] : [`model ${name}`]),
    ...(version === undefined ? [] : [`version${others.length > 0 ? 's' : ''} ${[version, ...others].join(', ')}`]),
    ...(platform ? [platform] : []),
  ];
}
