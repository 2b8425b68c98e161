import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ReadOptions } from './read-options.ts';

/** A secret's current version. @throws SecretsManagerServiceException, or Error when the secret is binary */
export async function readSecret(arn: string, options: ReadOptions): Promise<string> {
  const client = new SecretsManagerClient(options);
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error('the secret holds bytes, not text');
    return SecretString;
  } finally {
    client.destroy();
  }
}
