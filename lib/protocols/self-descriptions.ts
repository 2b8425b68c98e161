import { INSTANCES_DESCRIPTION } from './instances-description.ts';
import { MLFLOW_DESCRIPTION } from './mlflow-description.ts';
import { OPEN_INFERENCE_DESCRIPTION } from './open-inference-description.ts';
import type { ProtocolName } from './protocols.ts';
import type { SelfDescriber } from './self-description.ts';

/** What servers can be asked about themselves, by protocol; undefined where they tell nothing. */
export const SELF_DESCRIBERS: Readonly<Record<ProtocolName, SelfDescriber | undefined>> = {
  json: undefined,
  instances: INSTANCES_DESCRIPTION,
  mlflow: MLFLOW_DESCRIPTION,
  'open-inference': OPEN_INFERENCE_DESCRIPTION,
  sagemaker: undefined,
};
