import * as z from 'zod';
import { orRefuse, orRefuseLater } from '../process/refusal.ts';
import type { Serverless } from '../serverless.ts';
import { checkBucketName } from './bucket-name.ts';
import { checkDeployment } from './checks.ts';
import { checkSageMaker, sageMakerResources } from './sagemaker.ts';
import { checkStageName } from './stage-name.ts';

/** The bucket's names, locally and on AWS. A name that CloudFormation completes on AWS is always a possible name. */
const bucketsSchema = z.object({ bucket: z.string(), bucketName: z.string() });

/** The variables of predict, as far as they are needed to know what it calls. */
const variablesSchema = z.record(z.string(), z.unknown());

/** What the framework gives to whoever says what a variable of serverless.yml is. */
interface VariableRequest {
  address: string;
  serviceDir: string;
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>;
}

/**
 * Serverless plugin: refuses impossible names of stages and buckets, and deployments that would not work or would send
 * their alarms to nobody. It says which endpoints of SageMaker predict's role may call. It also runs when built packages are deployed, with the credentials for that. So of the
 * installed dependencies it may import only zod, directly or indirectly. It is listed first, so that it refuses before
 * anything is bundled.
 */
export default class DeploymentChecks {
  readonly hooks: Record<string, () => Promise<void> | void>;
  /** `${sagemaker:endpoints}` are the resources, and `${sagemaker:count}` is how many there are. */
  readonly configurationVariablesSources;

  constructor(serverless: Serverless) {
    // Before the framework validates the names that are made of the stage's, because its message names only those.
    orRefuse(() => {
      checkStageName(serverless.service.provider.stage);
      const { bucket, bucketName } = bucketsSchema.parse(serverless.service.custom);
      for (const name of [bucket, bucketName]) if (!name.includes('${')) checkBucketName(name);
    });
    const check = () => orRefuse(() => checkDeployment(serverless));
    this.hooks = {
      // This hook runs before a deployment, too, except with `--package`.
      'before:package:cleanup': check,
      'before:deploy:function:initialize': check,
      // After the partner files have been looked at, where that is done.
      'after:package:cleanup': () => orRefuseLater(() => checkSageMaker(serverless)),
    };
    const parse = (path: string) => serverless.yamlParser.parse(path);
    this.configurationVariablesSources = {
      sagemaker: {
        async resolve({ address, serviceDir, resolveConfigurationProperty }: VariableRequest) {
          const environment = await resolveConfigurationProperty(['functions', 'predict', 'environment']);
          // A file that cannot be read is refused with its line before anything is packaged.
          const resources = await sageMakerResources(serviceDir, parse, variablesSchema.parse(environment)).catch(
            () => [],
          );
          return { value: address === 'count' ? String(resources.length) : resources };
        },
      },
    };
  }
}
