import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ReadOptions } from './read-options.ts';

/** A parameter's current version, decrypted. @throws SSMServiceException */
export async function readParameter(arn: string, options: ReadOptions): Promise<string> {
  const client = new SSMClient(options);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: arn, WithDecryption: true }));
    if (Parameter?.Value === undefined) throw new Error('the parameter has no value');
    return Parameter.Value;
  } finally {
    client.destroy();
  }
}
