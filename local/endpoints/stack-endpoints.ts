import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';
import { addressSchema } from '../../lib/address.ts';
import { inWords } from '../../lib/calls.ts';
import { type ReferenceProtocol, referencePath } from '../../lib/endpoints/reference/server-protocols.ts';
import {
  isReferenceVariable,
  mapReferenceCalls,
  REFERENCE,
  REFERENCE_VARIABLES,
} from '../../lib/endpoints/reference-calls.ts';
import { PortError, type PortWish } from '../process/ports.ts';
import type { Stack } from '../stack.ts';
import { exampleAddresses, isExampleVariable } from './example-calls.ts';

export interface StackEndpoints {
  addresses: Stack['endpoints'];
  /** Those of the examples' services, by environment variable, but for the variables that are set. */
  examples: Record<string, string>;
  /** Whether the addresses are those of the reference services. */
  reference: boolean;
  /** Ends the reference services. Synchronous, so that it can be called on exit. */
  stop(): void;
}

const messageSchema = z.union([z.object({ address: z.url() }), z.object({ code: z.string() })]);

/**
 * The endpoints that the stack scores with. For default.yml they are those of `REFERENCE_VARIABLES`, or, when none of them
 * is set, the reference services. Those of the examples are started in any case, in the same process.
 *
 * @throws when only some are set; PortError
 */
export async function startEndpoints(wish: PortWish): Promise<StackEndpoints> {
  const own = ownAddresses(process.env);
  // The port is for the reference services: one of their own may be where these would be.
  const port = own === undefined ? wish.port : 0;
  const child = fork(new URL('./server.ts', import.meta.url), [String(port)], { execArgv: [] });
  const address = await addressOf(child, wish);
  child.once('exit', () => console.error('The reference endpoints have ended; scoring fails until the next start.'));
  return {
    addresses: own ?? referenceAddresses(address),
    examples: unsetExamples(address),
    reference: own === undefined,
    stop: () => {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}

function unsetExamples(address: string): Record<string, string> {
  return Object.fromEntries(Object.entries(exampleAddresses(address)).filter(([variable]) => !process.env[variable]));
}

/**
 * Whether a service of this machine answers in place of the address that a variable would hold.
 *
 * @throws as `ownAddresses`
 */
export function isServedHere(variable: string, environment: NodeJS.ProcessEnv): boolean {
  if (isExampleVariable(variable)) return !environment[variable];
  return isReferenceVariable(variable) && ownAddresses(environment) === undefined;
}

/** The addresses of the reference services, which share one server: their own, or those for a protocol. */
export function referenceAddresses(address: string, protocol?: ReferenceProtocol): Stack['endpoints'] {
  return mapReferenceCalls((call) => `${address}${referencePath(call, protocol)}`);
}

/**
 * The addresses in the environment; undefined when there are none.
 *
 * @throws when only some are set, or one is not an address
 */
export function ownAddresses(environment: NodeJS.ProcessEnv): Stack['endpoints'] | undefined {
  const missing = REFERENCE_VARIABLES.filter((variable) => !environment[variable]);
  if (missing.length === REFERENCE_VARIABLES.length) return undefined;
  if (missing.length > 0) {
    const set = REFERENCE_VARIABLES.filter((variable) => environment[variable]);
    throw new Error(
      `${inWords(set)} ${set.length > 1 ? 'are' : 'is'} set, but not ${inWords(missing)}. Set all of them to use your own endpoints, or none to use the reference ones.`,
    );
  }
  return mapReferenceCalls((call) => addressIn(environment, REFERENCE[call].urlVariable));
}

function addressIn(environment: NodeJS.ProcessEnv, variable: string): string {
  const value = environment[variable] ?? '';
  const { error } = addressSchema.safeParse(value);
  if (error !== undefined) throw new Error(`${variable} ${error.issues[0]?.message}.`);
  return value;
}

async function addressOf(child: ChildProcess, wish: PortWish): Promise<string> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The reference endpoints ended with code ${code}.`))),
  ]);
  const answer = messageSchema.parse(message);
  if ('code' in answer) throw new PortError(wish, answer);
  return answer.address;
}
