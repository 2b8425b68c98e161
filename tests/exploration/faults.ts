import type { Choice } from './choices.ts';
import type { Delivery } from './deliveries.ts';
import type { Harness } from './harness.ts';
import type { Invocation, Turn } from './invocation.ts';
import { s3Error } from './s3/errors.ts';

const LONG_MS = 70 * 60_000;

/** What may go wrong, see `faultsOf`. */
export type FaultKind =
  /** An invocation dies before a request is sent, when it has been carried out, or while it is on its way. */
  | 'crash'
  /** And so do all attempts that follow, before they have done anything. */
  | 'final crash'
  /** S3 answers that it is overloaded, whether or not it has done what it was asked. */
  | 'S3 error'
  /** An invocation is told that its time is up. */
  | 'short time'
  | 'repeated event'
  | 'lost event'
  /** More than an hour passes; no invocation lives as long, and events may wait for longer. */
  | 'long time';

/** What may go wrong next. */
export function faultsOf(harness: Harness, kinds: readonly FaultKind[]): Choice[] {
  return kinds.flatMap((kind) => FAULTS[kind](harness).map((choice) => ({ ...choice, fault: kind })));
}

type Faults = Record<FaultKind, (harness: Harness) => Choice[]>;

const FAULTS: Faults = {
  crash: (harness) =>
    eachTurn(harness, (invocation, turn) => [
      fault(`${invocation.name} dies before ${turn.what}`, () => harness.kill(invocation)),
      fault(`${invocation.name} dies after ${turn.what}`, async () => {
        await harness.take(invocation, turn);
        await harness.kill(invocation);
      }),
      ...(isWrite(turn)
        ? [
            fault(`${invocation.name} dies, ${turn.what} is on its way`, () =>
              harness.kill(invocation, { stray: turn }),
            ),
          ]
        : []),
    ]),
  'final crash': (harness) =>
    eachTurn(harness, (invocation, turn) => [
      fault(`${invocation.name} dies before ${turn.what}, and all further attempts`, () =>
        harness.kill(invocation, { isFinal: true }),
      ),
    ]),
  'S3 error': (harness) =>
    eachTurn(harness, (invocation, turn) =>
      isOfS3(turn)
        ? [false, true].map((isDone) =>
            fault(`${invocation.name} gets an error for ${turn.what}, which is ${isDone ? '' : 'not '}done`, () =>
              harness.fail(invocation, turn, s3Error('SlowDown', 503, 'Please reduce your request rate'), isDone),
            ),
          )
        : [],
    ),
  'short time': (harness) =>
    harness.underWay
      .filter((invocation) => invocation.turns.some(({ what }) => what.startsWith('asks')))
      .map((invocation) => fault(`${invocation.name} runs out of time`, () => harness.runShort(invocation))),
  'repeated event': (harness) =>
    [...harness.deliveries.waiting, ...harness.deliveries.delivered]
      .filter(isFirst)
      .flatMap((delivery) => [
        fault(`Lambda delivers ${delivery.name} once more`, () => harness.deliveries.repeat(delivery)),
        fault(`S3 tells of ${delivery.name} once more`, () => harness.deliveries.repeat(delivery, { isNew: true })),
      ]),
  'lost event': (harness) =>
    harness.deliveries.waiting
      .filter(isFirst)
      .map((delivery) => fault(`${harness.titleOf(delivery)} is lost`, () => harness.deliveries.lose(delivery))),
  'long time': (harness) => {
    const dying = harness.underWay.map(({ name }) => name).join(' and ');
    return [fault(`70 minutes pass${dying === '' ? '' : `, in which ${dying} die`}`, () => harness.pass(LONG_MS))];
  },
};

function fault(label: string, make: () => unknown): Choice {
  return { label, kind: 'fault', make };
}

function eachTurn(harness: Harness, choices: (invocation: Invocation, turn: Turn) => Choice[]): Choice[] {
  return harness.underWay.flatMap((invocation) => invocation.turns.flatMap((turn) => choices(invocation, turn)));
}

/** As S3 tells of it. People repeat what they do by hand themselves. */
function isFirst({ functionName, attempt, isRepeated }: Delivery): boolean {
  return ['features', 'predict', 'report'].includes(functionName) && attempt === 1 && !isRepeated;
}

function isOfS3({ what }: Turn): boolean {
  return !what.startsWith('asks') && !what.startsWith('Publish');
}

function isWrite({ what }: Turn): boolean {
  return /^(Put|Copy|Delete|Complete)/.test(what);
}
