import { ownAddresses } from './endpoints.ts';
import type { Serverless } from './serverless.ts';

/**
 * Looks at what is about to be packaged, after parameters and variables have been filled in.
 *
 * @throws when it could be deployed, but would not work: the message says what to set
 */
export function checkDeployment({ service }: Serverless): void {
  checkEndpoints(service.functions.predict?.environment ?? {});
}

/** @param environment of predict; addresses of the reference services are functions of CloudFormation */
function checkEndpoints({ ATS_URL, RESP_URL, OFFER_URL }: Record<string, unknown>): void {
  const named = Object.entries({ ATS_URL, RESP_URL, OFFER_URL }).flatMap(([variable, address]) =>
    typeof address === 'string' ? [[variable, address] as const] : [],
  );
  if (named.length === 0) return;
  const own = ownAddresses(Object.fromEntries(named));
  if (own === undefined) {
    throw new Error(
      'Set ATS_URL, RESP_URL and OFFER_URL to the addresses of your endpoints. Only a stage that has the reference services can do without, and there they must not be set at all.',
    );
  }
  const local = named.filter(([, address]) => address.startsWith('http:')).map(([variable]) => variable);
  if (local.length > 0) {
    throw new Error(`${local.join(' and ')} must be an https address: on AWS no function reaches this machine.`);
  }
}
