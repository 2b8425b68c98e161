import { mapReferenceCalls, REFERENCE_CALLS, type ReferenceCall } from '../../lib/endpoints/reference-calls.ts';
import { ALTERATIONS, type AlterationName, isAlterationName } from './alterations.ts';
import { FAULTS, type FaultName, isFaultName } from './answers.ts';
import { isSendingName, SENDINGS, type SendingName } from './sendings.ts';

/** What may go wrong: no answer or a wrong one, something wrong in it, an odd way to send it, or a long time. */
export type AnyFault = FaultName | AlterationName | SendingName | 'slow';

/** A fault with its share. */
export interface Chance {
  fault: AnyFault;
  /** 0 to 1. */
  share: number;
}

/**
 * A fault for all inputs in which a number meets a condition, for example a feature that is 0, or for all requests with so
 * many `rows` or `bytes`.
 */
export interface Sore {
  fault: AnyFault;
  field: string;
  relation: '<' | '=' | '>';
  value: number;
}

/** All faults of an endpoint. */
export interface Misconduct {
  /** Faults that hit a share of the requests: the same input may be answered the next time. */
  chances: Chance[];
  /** Faults that hit a share of the inputs: such a row is never answered, nor what is sent with it. */
  ofInputs: Chance[];
  sores: Sore[];
  down: boolean;
}

export type FaultPlan = Record<ReferenceCall, Misconduct>;

/** A specification that cannot be used. The message, one line, says which part is wrong and why. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError';
}

/** The names that a specification may use, for people. */
export const FAULT_NAMES = [...Object.keys({ ...FAULTS, ...ALTERATIONS, ...SENDINGS }), 'slow'];

const PART = /^(?:(?<endpoint>[a-z]+)\.)?(?<name>[a-z\d-]+):(?<value>.+)$/;

const SORE = /^(?<field>\w+)(?<relation>[<=>])(?<value>-?\d+(?:\.\d+)?)$/;

/**
 * Reads a specification such as `500:5%,ats.reset:3%,ats.nan:10%-of-inputs,resp.500:PCT_BUY_TRANSACTIONS=0,down:offer`.
 * Each part is a fault with a share of the requests, a share of the inputs, or a condition on a number in the input or on the
 * size of the request (`413:rows>50`), for all endpoints or for one. `down:` names an endpoint that is down. An empty specification has no faults.
 *
 * @throws FaultSpecError that quotes the first wrong part
 */
export function parseFaults(spec: string): FaultPlan {
  const plan: FaultPlan = mapReferenceCalls(healthy);
  for (const part of spec.split(',').map((piece) => piece.trim())) {
    if (part !== '') addTo(plan, part);
  }
  for (const call of REFERENCE_CALLS) {
    for (const chances of [plan[call].chances, plan[call].ofInputs]) {
      const total = chances.reduce((sum, { share }) => sum + share, 0);
      if (total > 1 + 1e-9) throw new FaultSpecError(`the faults of ${call} add up to ${Math.round(total * 100)} %`);
    }
  }
  return plan;
}

function healthy(): Misconduct {
  return { chances: [], ofInputs: [], sores: [], down: false };
}

function addTo(plan: FaultPlan, part: string): void {
  const { endpoint, name = '', value = '' } = PART.exec(part)?.groups ?? {};
  if (name === 'down' && endpoint === undefined) {
    plan[callNamed(value, part)].down = true;
    return;
  }
  if (name === '') throw new FaultSpecError(`"${part}" is not a fault with its share, such as 500:5%`);
  if (!isFault(name)) {
    throw new FaultSpecError(`"${name}" is no fault; there are ${FAULT_NAMES.join(', ')} and down`);
  }
  const calls = endpoint === undefined ? REFERENCE_CALLS : [callNamed(endpoint, part)];
  for (const call of calls) addFault(plan[call], name, value, part);
}

function isFault(name: string): name is AnyFault {
  return name === 'slow' || isFaultName(name) || isAlterationName(name) || isSendingName(name);
}

function addFault(misconduct: Misconduct, fault: AnyFault, value: string, part: string): void {
  const { field, relation, value: number } = SORE.exec(value)?.groups ?? {};
  if (field !== undefined && isRelation(relation)) {
    misconduct.sores.push({ fault, field, relation, value: Number(number) });
  } else if (value.endsWith(OF_INPUTS)) {
    misconduct.ofInputs.push({ fault, share: shareIn(value.slice(0, -OF_INPUTS.length), part) });
  } else {
    misconduct.chances.push({ fault, share: shareIn(value, part) });
  }
}

function isRelation(text: string | undefined): text is Sore['relation'] {
  return text === '<' || text === '=' || text === '>';
}

function callNamed(name: string, part: string): ReferenceCall {
  const call = REFERENCE_CALLS.find((known) => known === name);
  if (call === undefined)
    throw new FaultSpecError(`"${part}" names no endpoint; they are ${REFERENCE_CALLS.join(', ')}`);
  return call;
}

const OF_INPUTS = '-of-inputs';

function shareIn(value: string, part: string): number {
  const percent = /^\d+(\.\d+)?%$/.test(value) ? Number(value.slice(0, -1)) : Number.NaN;
  if (!(percent <= 100))
    throw new FaultSpecError(
      `"${part}" needs a share from 0% to 100%, such as 5% or 5%-of-inputs, or a number in the input, such as PCT_BUY_TRANSACTIONS=0`,
    );
  return percent / 100;
}
