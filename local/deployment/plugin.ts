import * as z from 'zod';
import { orRefuse } from '../process/refusal.ts';
import type { Serverless } from '../serverless.ts';
import { checkBucketName } from './bucket-name.ts';
import { checkDeployment } from './checks.ts';
import { checkStageName } from './stage-name.ts';

/** The bucket's names, locally and on AWS. A name that CloudFormation completes on AWS is always a possible name. */
const bucketsSchema = z.object({ bucket: z.string(), bucketName: z.string() });

/**
 * Serverless plugin: refuses impossible names of stages and buckets, and deployments that would not work or would send
 * their alarms to nobody. It also runs when built packages are deployed, with the credentials for that. So of the
 * installed dependencies it may import only zod, directly or indirectly. It is listed first, so that it refuses before
 * anything is bundled.
 */
export default class DeploymentChecks {
  readonly hooks: Record<string, () => void>;

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
    };
  }
}
