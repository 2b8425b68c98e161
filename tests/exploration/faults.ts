import type { Choice } from './choices.ts';
import type { Delivery } from './deliveries.ts';
import type { Invocation, Turn } from './invocation.ts';
import { s3Error } from './s3/errors.ts';
import type { World } from './world.ts';

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
export function faultsOf(world: World, kinds: readonly FaultKind[]): Choice[] {
  return kinds.flatMap((kind) => FAULTS[kind](world).map((choice) => ({ ...choice, fault: kind })));
}

type Faults = Record<FaultKind, (world: World) => Choice[]>;

const FAULTS: Faults = {
  crash: (world) =>
    eachTurn(world, (invocation, turn) => [
      fault(`${invocation.name} dies before ${turn.what}`, () => world.kill(invocation)),
      fault(`${invocation.name} dies after ${turn.what}`, async () => {
        await world.take(invocation, turn);
        await world.kill(invocation);
      }),
      ...(isWrite(turn)
        ? [fault(`${invocation.name} dies, ${turn.what} is on its way`, () => world.kill(invocation, { stray: turn }))]
        : []),
    ]),
  'final crash': (world) =>
    eachTurn(world, (invocation, turn) => [
      fault(`${invocation.name} dies before ${turn.what}, and all further attempts`, () =>
        world.kill(invocation, { isFinal: true }),
      ),
    ]),
  'S3 error': (world) =>
    eachTurn(world, (invocation, turn) =>
      isOfS3(turn)
        ? [false, true].map((isDone) =>
            fault(`${invocation.name} gets an error for ${turn.what}, which is ${isDone ? '' : 'not '}done`, () =>
              world.fail(invocation, turn, s3Error('SlowDown', 503, 'Please reduce your request rate'), isDone),
            ),
          )
        : [],
    ),
  'short time': (world) =>
    world.underWay
      .filter((invocation) => invocation.turns.some(({ what }) => what.startsWith('asks')))
      .map((invocation) => fault(`${invocation.name} runs out of time`, () => world.runShort(invocation))),
  'repeated event': (world) =>
    [...world.deliveries.waiting, ...world.deliveries.delivered]
      .filter(isFirst)
      .flatMap((delivery) => [
        fault(`Lambda delivers ${delivery.name} once more`, () => world.deliveries.repeat(delivery)),
        fault(`S3 tells of ${delivery.name} once more`, () => world.deliveries.repeat(delivery, { isNew: true })),
      ]),
  'lost event': (world) =>
    world.deliveries.waiting
      .filter(isFirst)
      .map((delivery) => fault(`${world.titleOf(delivery)} is lost`, () => world.deliveries.lose(delivery))),
  'long time': (world) => {
    const dying = world.underWay.map(({ name }) => name).join(' and ');
    return [fault(`70 minutes pass${dying === '' ? '' : `, in which ${dying} die`}`, () => world.pass(LONG_MS))];
  },
};

function fault(label: string, make: () => unknown): Choice {
  return { label, kind: 'fault', make };
}

function eachTurn(world: World, choices: (invocation: Invocation, turn: Turn) => Choice[]): Choice[] {
  return world.underWay.flatMap((invocation) => invocation.turns.flatMap((turn) => choices(invocation, turn)));
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
