import { CALLS, type Call, mapCalls } from '../../lib/calls.ts';
import { FAULTS, type FaultName, isFaultName } from './answers.ts';

/** What happens to a share: a fault, or a right answer that takes long. */
export interface Chance {
  fault: FaultName | 'slow';
  /** 0 to 1. */
  share: number;
}

/** What happens to inputs in which a number is as said, for instance a feature that is 0. */
export interface Sore {
  fault: Chance['fault'];
  field: string;
  relation: '<' | '=' | '>';
  value: number;
}

/** What happens to an endpoint. */
export interface Misconduct {
  /** Of the requests: the same input may be answered the next time. */
  chances: Chance[];
  /** Of the inputs: the same input is never answered. */
  ofInputs: Chance[];
  sores: Sore[];
  down: boolean;
}

export type FaultPlan = Record<Call, Misconduct>;

/** A specification that cannot be used: the message, one line, says which part and why. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError';
}

/** The names that a specification may use, for people. */
export const FAULT_NAMES = [...Object.keys(FAULTS), 'slow'];

const PART = /^(?:(?<endpoint>[a-z]+)\.)?(?<name>[a-z\d-]+):(?<value>.+)$/;

const SORE = /^(?<field>\w+)(?<relation>[<=>])(?<value>-?\d+(?:\.\d+)?)$/;

/**
 * Reads a specification such as `500:5%,ats.reset:3%,ats.nan:10%-of-inputs,resp.500:PCT_BUY_TRANSACTIONS=0,down:offer`:
 * shares of the requests or of the inputs, inputs by a number in them, of all endpoints or of one, and endpoints that are
 * down. An empty one has no faults.
 *
 * @throws FaultSpecError that quotes the first part which is wrong
 */
export function parseFaults(spec: string): FaultPlan {
  const plan: FaultPlan = mapCalls(healthy);
  for (const part of spec.split(',').map((piece) => piece.trim())) {
    if (part !== '') addTo(plan, part);
  }
  for (const call of CALLS) {
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
  if (name !== 'slow' && !isFaultName(name)) {
    throw new FaultSpecError(`"${name}" is no fault; there are ${FAULT_NAMES.join(', ')} and down`);
  }
  const calls = endpoint === undefined ? CALLS : [callNamed(endpoint, part)];
  for (const call of calls) addFault(plan[call], name, value, part);
}

function addFault(misconduct: Misconduct, fault: Chance['fault'], value: string, part: string): void {
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

function callNamed(name: string, part: string): Call {
  const call = CALLS.find((known) => known === name);
  if (call === undefined) throw new FaultSpecError(`"${part}" names no endpoint; they are ${CALLS.join(', ')}`);
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
