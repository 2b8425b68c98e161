import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { variableIn } from '../../lib/partners/call-url.ts';
import { SAGEMAKER_ADDRESS, sageMakerEndpointAt } from '../../lib/protocols/sagemaker-address.ts';
import type { Serverless } from '../serverless.ts';

/** Where the deployed partner files are: the examples lie deeper. */
const FOLDER = 'partners';

/** Of a partner file, what matters here. All else is checked when the service is bundled. */
const callSchema = z.object({ url: z.string(), protocol: z.string().optional() });
const partnerSchema = z.object({ models: z.record(z.string(), callSchema), offer: callSchema.optional() });

/** Reads a file of YAML. The framework's own parser does, because no other one runs with the credentials to deploy. */
type Parse = (path: string) => Promise<unknown>;

/** An address on SageMaker that a partner file names. */
interface NamedAddress {
  /** Path of the partner file. */
  file: string;
  /** The environment variable that holds it; undefined when the file says the address itself. */
  variable: string | undefined;
  /** What the deployment has: text, or a function of CloudFormation. Undefined when it has nothing. */
  address: unknown;
}

/** @param environment of predict, as it is deployed @throws when a file cannot be read */
async function namedAddresses(
  serviceDir: string,
  parse: Parse,
  environment: Readonly<Record<string, unknown>>,
): Promise<NamedAddress[]> {
  const files = readdirSync(join(serviceDir, FOLDER)).filter((name) => name.endsWith('.yml'));
  const named = files.toSorted().map(async (name) => {
    const { models, offer } = partnerSchema.parse(await parse(join(serviceDir, FOLDER, name)));
    const calls = [...Object.values(models), ...(offer === undefined ? [] : [offer])];
    return calls
      .filter(({ protocol }) => protocol === 'sagemaker')
      .map(({ url }) => {
        const variable = variableIn(url);
        return { file: `${FOLDER}/${name}`, variable, address: variable === undefined ? url : environment[variable] };
      });
  });
  return (await Promise.all(named)).flat();
}

/**
 * The endpoints that predict may call, as resources of its role, each once: those that partner files name. An address that
 * is not set, or that is none, adds nothing.
 *
 * @throws when a file cannot be read
 */
export async function sageMakerResources(
  serviceDir: string,
  parse: Parse,
  environment: Readonly<Record<string, unknown>>,
): Promise<{ 'Fn::Sub': string }[]> {
  const named = await namedAddresses(serviceDir, parse, environment);
  const arns = named.flatMap(({ address }) => {
    const endpoint = typeof address === 'string' ? sageMakerEndpointAt(address) : undefined;
    if (endpoint === undefined) return [];
    const { region, name } = endpoint;
    return [`arn:\${AWS::Partition}:sagemaker:${region}:\${AWS::AccountId}:endpoint/${name}`];
  });
  return [...new Set(arns)].map((arn) => ({ 'Fn::Sub': arn }));
}

/**
 * Looks at the addresses that predict will sign requests to. One that is not set is told of elsewhere.
 *
 * @throws when a file cannot be read, or predict would not be allowed to call an address: a line for each
 */
export async function checkSageMaker({
  serviceDir,
  service,
  yamlParser,
}: Pick<Serverless, 'serviceDir' | 'service' | 'yamlParser'>): Promise<void> {
  const environment = service.functions.predict?.environment ?? {};
  const named = await namedAddresses(serviceDir, (path) => yamlParser.parse(path), environment);
  const wrong = named.filter(({ address = '' }) => {
    return address !== '' && (typeof address !== 'string' || sageMakerEndpointAt(address) === undefined);
  });
  const lines = wrong.map(
    ({ file, variable }) => `${variable} must be ${SAGEMAKER_ADDRESS}, because ${file} calls SageMaker there.`,
  );
  if (lines.length > 0) throw new Error([...new Set(lines)].join('\n'));
}
