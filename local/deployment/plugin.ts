import * as z from 'zod';
import { orRefuse } from '../process/refusal.ts';
import type { Serverless } from '../serverless.ts';
import { checkBucketName } from './bucket-name.ts';
import { checkDeployment } from './checks.ts';
import { checkStageName } from './stage-name.ts';

/** Names of the bucket, locally and on AWS; the latter may be for CloudFormation to complete, and is well-made then. */
const bucketsSchema = z.object({ bucket: z.string(), bucketName: z.string() });

/**
 * Serverless plugin: refuses stages and buckets that cannot be, and deployments that would not work or that nobody would hear of.
 * It also runs where what has been built is deployed, with the credentials for that: nothing that it imports may import
 * more of what is installed than zod. Listed first, so that what it refuses is refused before anything is bundled.
 */
export default class DeploymentChecks {
  readonly hooks: Record<string, () => void>;

  constructor(serverless: Serverless) {
    // Before the framework validates what is made of the name, and speaks of that alone.
    orRefuse(() => {
      checkStageName(serverless.service.provider.stage);
      const { bucket, bucketName } = bucketsSchema.parse(serverless.service.custom);
      for (const name of [bucket, bucketName]) if (!name.includes('${')) checkBucketName(name);
    });
    const check = () => orRefuse(() => checkDeployment(serverless));
    this.hooks = {
      // Also comes before a deployment, unless that is one of `--package`.
      'before:package:cleanup': check,
      'before:deploy:function:initialize': check,
    };
  }
}
