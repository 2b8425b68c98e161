/** One of SageMaker's endpoints. */
export interface SageMakerEndpoint {
  region: string;
  /** Case does not matter to SageMaker; ARNs have it in lower case. */
  name: string;
}

/** For people. */
export const SAGEMAKER_ADDRESS = 'https://runtime.sagemaker.<region>.amazonaws.com/endpoints/<name>/invocations';

const ADDRESS =
  /^https:\/\/runtime(?:-fips)?\.sagemaker\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/endpoints\/([A-Za-z0-9](?:-*[A-Za-z0-9]){0,62})\/invocations$/;

/** The endpoint that answers at an address; undefined when that is not SageMaker's. */
export function sageMakerEndpointAt(address: string): SageMakerEndpoint | undefined {
  const [, region, name] = ADDRESS.exec(address) ?? [];
  return region === undefined || name === undefined ? undefined : { region, name: name.toLowerCase() };
}
