import { checkDeployment } from './deployment.ts';
import { orRefuse } from './refusal.ts';
import type { Serverless } from './serverless.ts';
import { checkStageName } from './stage-name.ts';

/**
 * Serverless plugin: refuses stages that cannot be, and deployments that would not work or that nobody would hear of.
 * It also runs where what has been built is deployed, with the credentials for that: nothing that it imports may import
 * more of what is installed than zod. Listed first, so that what it refuses is refused before anything is bundled.
 */
export default class DeploymentChecks {
  readonly hooks: Record<string, () => void>;

  constructor(serverless: Serverless) {
    // Before the framework validates what is made of the name, and speaks of that alone.
    orRefuse(() => checkStageName(serverless.service.provider.stage));
    const check = () => orRefuse(() => checkDeployment(serverless));
    this.hooks = {
      // Also comes before a deployment, unless that is one of `--package`.
      'before:package:cleanup': check,
      'before:deploy:function:initialize': check,
    };
  }
}
