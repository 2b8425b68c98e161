import { z } from 'zod';
import { readService } from '../../../local/lambda/service.ts';
import { URL_VARIABLES } from '../../default-calls.ts';
import { packaged, type Template } from './template.ts';

/** What only CloudFormation knows, by function. */
const OF_CLOUDFORMATION: Record<string, string[]> = {
  predict: URL_VARIABLES.toSorted(),
  report: ['NOTIFY_TOPIC'],
  onFailure: ['NOTIFY_TOPIC'],
  resume: ['BUCKET'],
};

const variablesSchema = z.record(z.string(), z.coerce.string());

const functionSchema = z.object({
  Handler: z.string(),
  MemorySize: z.number(),
  Timeout: z.number(),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.object({ Variables: variablesSchema }),
});

const service = readService();
let template: Template;
beforeAll(async () => {
  template = await packaged('dev');
}, 120_000);

const resourceOf = (name: string, kind: string) =>
  template.properties(`${name.charAt(0).toUpperCase()}${name.slice(1)}${kind}`);

describe('serverless.yml as this project reads it is what is deployed', () => {
  it('with all functions', () => {
    expect(Object.keys(service.functions)).toHaveLength(template.ofType('AWS::Lambda::Function').length);
  });

  it.each(Object.entries(service.functions))('with code, memory, time and room: %s', (name, definition) => {
    const { handler, memorySize, timeout, reservedConcurrency } = definition;
    const deployed = functionSchema.parse(resourceOf(name, 'LambdaFunction'));
    expect({ handler, memorySize, timeout, reservedConcurrency }).toEqual({
      handler: deployed.Handler,
      memorySize: deployed.MemorySize,
      timeout: deployed.Timeout,
      reservedConcurrency: deployed.ReservedConcurrentExecutions,
    });
  });

  it.each(Object.entries(service.functions))('with the variables: %s', (name, { environment }) => {
    const { Variables } = functionSchema.parse(resourceOf(name, 'LambdaFunction')).Environment;
    const filledIn = OF_CLOUDFORMATION[name] ?? [];
    expect(Object.keys(Variables)).toEqual(expect.arrayContaining(filledIn));
    const others = Object.entries(Variables).filter(([variable]) => !filledIn.includes(variable));
    expect(environment).toEqual(Object.fromEntries(others));
  });

  it.each(['features', 'predict', 'report', 'onFailure', 'resume'])('with attempts and age of events: %s', (name) => {
    const { maximumRetryAttempts, maximumEventAge } = service.function(name);
    expect(resourceOf(name, 'LambdaEvConf')).toMatchObject({
      MaximumRetryAttempts: maximumRetryAttempts,
      MaximumEventAgeInSeconds: maximumEventAge,
    });
  });
});
