import * as z from 'zod';
import { inWords } from '../../lib/calls.ts';
import { REFERENCE_VARIABLES } from '../../lib/endpoints/reference-calls.ts';
import { ownAddresses } from '../endpoints/stack-endpoints.ts';
import type { Serverless } from '../serverless.ts';

const settingsSchema = z.object({
  /** Whether alarms have to be sent; `none` as the topic says that they are sent to nobody on purpose. */
  alarms: z.object({ are: z.enum(['seen', 'sent']), topic: z.string() }),
  notifyTopic: z.string(),
});

/**
 * Checks the service before it is packaged, after parameters and variables have been filled in.
 *
 * @throws when it could be deployed but would not work, or would send its alarms to nobody. The message says what to
 * set, with a line for each problem.
 */
export function checkDeployment({ service }: Serverless): void {
  const { alarms, notifyTopic } = settingsSchema.parse(service.custom);
  const problems = [
    problemOf(() => checkEndpoints(service.functions.predict?.environment ?? {})),
    problemOf(() => checkAlarms(alarms)),
    problemOf(() => checkTopic('NOTIFY_TOPIC', notifyTopic)),
  ].filter((problem) => problem !== undefined);
  // All problems at once, because packaging takes long.
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param environment of predict; addresses of the reference services are functions of CloudFormation */
function checkEndpoints(environment: Record<string, unknown>): void {
  const named = REFERENCE_VARIABLES.flatMap((variable) => {
    const address = environment[variable];
    return typeof address === 'string' ? [[variable, address] as const] : [];
  });
  if (named.length === 0) return;
  const own = ownAddresses(Object.fromEntries(named));
  if (own === undefined) {
    throw new Error(
      `Set ${inWords(REFERENCE_VARIABLES)} to the addresses of your endpoints. Only a stage that has the reference services can do without, and there they must not be set at all.`,
    );
  }
  const local = named.filter(([, address]) => URL.parse(address)?.protocol === 'http:').map(([variable]) => variable);
  if (local.length > 0) {
    throw new Error(`${inWords(local)} must be an https address: on AWS no function reaches this machine.`);
  }
}

function checkAlarms({ are, topic }: z.infer<typeof settingsSchema>['alarms']): void {
  if (are === 'sent' && topic === '') {
    throw new Error(
      'Nobody would be told of this stage\'s alarms. Set ALARM_TOPIC, or --param="alarmTopic=…", to the ARN of an SNS topic, or to none where looking at CloudWatch is enough.',
    );
  }
  if (topic !== 'none') checkTopic('ALARM_TOPIC', topic);
}

/** Refuses here what CloudFormation would refuse only in the middle of a deployment. */
function checkTopic(variable: string, topic: string): void {
  if (topic !== '' && !/^arn:[\w-]+:sns:[^:]+:[^:]+:[^:]+$/.test(topic)) {
    throw new Error(`${variable} is not the ARN of an SNS topic: ${topic}`);
  }
}
