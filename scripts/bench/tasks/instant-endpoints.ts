import { type Dispatcher, Pool } from 'undici';
import { mapPredictions } from '../../../lib/calls.ts';
import { Endpoint } from '../../../lib/endpoints/endpoint.ts';
import type { Endpoints } from '../../../lib/endpoints/endpoints.ts';
import { OFFER, PREDICTION } from '../../../lib/endpoints/requests.ts';

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

const ANSWER = { prediction: 1234.567890123 };

/** Endpoints that give every request the same answer at once, so that only the program's own work is measured. */
export function instantEndpoints(): Endpoints {
  const url = new URL('http://127.0.0.1/');
  const predicting = { url, pool: new InstantPool(ANSWER), contract: PREDICTION };
  return {
    ...mapPredictions((name) => new Endpoint({ name, ...predicting })),
    offer: new Endpoint({
      name: 'offer',
      url,
      pool: new InstantPool({ offer: 'OFFER_1' }),
      contract: OFFER,
    }),
    prepare: async () => {},
  };
}
