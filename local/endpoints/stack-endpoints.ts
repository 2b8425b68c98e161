import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';
import { addressSchema } from '../../lib/address.ts';
import { inWords } from '../../lib/calls.ts';
import { mapReferenceCalls, REFERENCE, REFERENCE_VARIABLES } from '../../lib/endpoints/reference-calls.ts';
import { PortError, type PortWish } from '../process/ports.ts';
import type { Stack } from '../stack.ts';

export interface StackEndpoints {
  addresses: Stack['endpoints'];
  /** Whether they are the reference services, which this module has started. */
  reference: boolean;
  /** Ends the reference services. Synchronous, so that it can be called on exit. */
  stop(): void;
}

const messageSchema = z.union([z.object({ address: z.url() }), z.object({ code: z.string() })]);

/**
 * The endpoints of default.yml that the stack scores with: those of `REFERENCE_VARIABLES`, or, when none of them is set,
 * the reference services, which it starts.
 *
 * @throws when only some are set; PortError
 */
export async function startEndpoints(wish: PortWish): Promise<StackEndpoints> {
  const own = ownAddresses(process.env);
  if (own !== undefined) return { addresses: own, reference: false, stop: () => {} };
  const child = fork(new URL('./server.ts', import.meta.url), [String(wish.port)], { execArgv: [] });
  const address = await addressOf(child, wish);
  child.once('exit', () => console.error('The reference endpoints have ended; scoring fails until the next start.'));
  return {
    addresses: referenceAddresses(address),
    reference: true,
    stop: () => {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}

/** The addresses of the reference services, which share one server. */
export function referenceAddresses(address: string): Stack['endpoints'] {
  return mapReferenceCalls((call) => `${address}${REFERENCE[call].path}`);
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
