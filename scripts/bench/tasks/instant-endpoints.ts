import { type Dispatcher, Pool } from 'undici';
import { EndpointPool } from '../../../lib/endpoints/endpoints.ts';
import { OFFER } from '../../../lib/partners/labels.ts';
import { DEFAULT_PARTNER } from '../../../lib/partners/partners.ts';
import type { EndpointSource } from '../../../lib/stages/predict/score-batch.ts';

/** Answers every request at once and without a network. */
class InstantPool extends Pool {
  readonly #answer: Buffer;

  constructor(answer: object) {
    super('http://127.0.0.1');
    this.#answer = Buffer.from(JSON.stringify(answer));
  }

  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    queueMicrotask(() => {
      handler.onRequestStart?.(CONTROLLER, {});
      handler.onResponseStart?.(CONTROLLER, 200, {});
      handler.onResponseData?.(CONTROLLER, this.#answer);
      handler.onResponseEnd?.(CONTROLLER, {});
    });
    return true;
  }
}

const CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

const OFFER_PATH = `/${OFFER}`;

const ANSWER = { prediction: 1234.567890123 };

/** Endpoints that give every request the same answer at once, so that only the program's own work is measured. */
export function instantEndpoints(): EndpointSource {
  const [prediction, offer] = [new InstantPool(ANSWER), new InstantPool({ offer: 'OFFER_1' })];
  const pool = new EndpointPool({
    concurrency: 1,
    poolOf: ({ pathname }) => (pathname === OFFER_PATH ? offer : prediction),
  });
  const addressOf = (call: string) => new URL(call, 'http://127.0.0.1/');
  return {
    prepare: () => pool.prepare(),
    of: (definition) =>
      pool.of(definition, { owner: DEFAULT_PARTNER, addressOf, limitsOf: () => ({}), mannerOf: () => ({}) }),
  };
}
