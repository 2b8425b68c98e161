import { type Caller, Circuit, CircuitOpenError } from '../../../lib/endpoints/circuit.ts';
import { type Concern, EndpointError } from '../../../lib/endpoints/errors.ts';
import { DEFAULT_RESILIENCE, type Resilience } from '../../../lib/endpoints/resilience.ts';

const NO_PROBE: Partial<Resilience> = { outageAfter: 4, breachAfter: 2, probeAfterMs: 600_000, patienceMs: 600_000 };

function circuitWith(resilience: Partial<Resilience> = {}): Circuit {
  return new Circuit({ ...DEFAULT_RESILIENCE, ...NO_PROBE, ...resilience });
}

const failing = (concern: Concern) => async () => {
  throw new EndpointError('no', { concern, isTransient: true });
};

async function fail(circuit: Circuit, concern: Concern, caller: Caller = {}): Promise<unknown> {
  return circuit.run(failing(concern), caller).catch((error: unknown) => error);
}

/** Lets all that can go on go on. */
const settle = () => new Promise(setImmediate);

const pass = (circuit: Circuit) => circuit.run(async () => 'answer', {});

describe('a circuit', () => {
  it.each<[Concern, number]>([
    ['service', 4],
    ['unclear', 4],
    ['contract', 2],
  ])('opens after so many requests in a row that say something of the %s', async (concern, times) => {
    const circuit = circuitWith();
    for (let time = 1; time < times; time++) await fail(circuit, concern);
    expect(circuit.isOpen).toBe(false);
    await fail(circuit, concern);
    expect(circuit.isOpen).toBe(true);
    expect(await fail(circuit, concern)).toBeInstanceOf(CircuitOpenError);
  });

  it('begins to count again after an answer, and after a refusal of one input', async () => {
    const circuit = circuitWith();
    for (let time = 0; time < 10; time++) {
      for (let failure = 0; failure < 3; failure++) await fail(circuit, 'service');
      await fail(circuit, 'input');
    }
    expect(circuit.isOpen).toBe(false);
  });

  it('counts unusable answers in a row only', async () => {
    const circuit = circuitWith();
    await fail(circuit, 'contract');
    await fail(circuit, 'unclear');
    await fail(circuit, 'contract');
    expect(circuit.isOpen).toBe(false);
  });

  it('does not count a call that others are answered around', async () => {
    const circuit = circuitWith();
    const refused: Caller = {};
    await fail(circuit, 'unclear', refused);
    await pass(circuit);
    await fail(circuit, 'unclear', refused);
    expect(refused.isRefusedAlone).toBe(true);
    for (let failure = 0; failure < 3; failure++) await fail(circuit, 'unclear');
    // Four that count in full would be doubted.
    await expect(circuit.run(async (isProbe) => isProbe, {})).resolves.toBe(false);
  });

  it('counts such calls when there is nothing but them, three as one', async () => {
    const circuit = circuitWith();
    const refused: Caller[] = Array.from({ length: 13 }, () => ({}));
    for (const caller of refused) {
      await fail(circuit, 'unclear', caller);
      await pass(circuit);
    }
    for (const caller of refused.slice(2)) await fail(circuit, 'unclear', caller);
    await expect(circuit.run(async (isProbe) => isProbe, {})).resolves.toBe(false);
    for (const caller of refused.slice(1)) await fail(circuit, 'unclear', caller);
    await expect(circuit.run(async (isProbe) => isProbe, {})).resolves.toBe(true);
    expect(circuit.isOpen).toBe(false);
  });

  it('counts that call again when nobody is answered between two failures of it', async () => {
    const circuit = circuitWith();
    const refused: Caller = {};
    await pass(circuit);
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'unclear', refused);
    await expect(circuit.run(async (isProbe) => isProbe, {})).resolves.toBe(true);
    expect(circuit.isOpen).toBe(false);
  });

  it('lets every waiting call be the probe in its turn', async () => {
    const circuit = circuitWith({ probeAfterMs: 5, outageAfter: 1 });
    await fail(circuit, 'service');
    const probes: string[] = [];
    const wait = async (name: string) => {
      while (probes.length < 12) {
        const probe = async () => {
          probes.push(name);
          await settle();
          throw new EndpointError('no', { concern: 'service', isTransient: true });
        };
        const error: unknown = await circuit.run(probe, {}).catch((reason: unknown) => reason);
        // Whoever has been the probe rests for a while.
        await (error instanceof CircuitOpenError ? circuit.change(error, 60_000) : settle());
      }
    };
    await Promise.race(['a', 'b', 'c'].map(wait));
    expect(new Set(probes)).toEqual(new Set(['a', 'b', 'c']));
  });
});

describe('an endpoint that was doubted', () => {
  it('is not down when others were answered while it was probed', async () => {
    const circuit = circuitWith();
    await pass(circuit);
    const late = Promise.withResolvers<string>();
    const underWay = circuit.run(() => late.promise, {});
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'service');
    const failed = Promise.withResolvers<void>();
    const probe = circuit
      .run(async () => {
        await failed.promise;
        throw new EndpointError('no', { concern: 'service', isTransient: true });
      }, {})
      .catch(() => undefined);
    late.resolve('answer');
    await underWay;
    failed.resolve();
    await probe;
    expect(circuit.isOpen).toBe(false);
  });

  it('tells those who wait when it is doubted no more', async () => {
    const circuit = circuitWith();
    await pass(circuit);
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'service');
    const probed = Promise.withResolvers<string>();
    const probe = circuit.run(() => probed.promise, {});
    const closed = await fail(circuit, 'service');
    if (!(closed instanceof CircuitOpenError)) throw new Error('it was let through');
    const waiting = circuit.change(closed, 600_000);
    probed.resolve('answer');
    await Promise.all([probe, waiting]);
    // Whoever comes too late for the change does not wait for the next.
    await circuit.change(closed, 600_000);
    expect(circuit.isOpen).toBe(false);
  });

  it('is waited for when one probe has an answer of another kind', async () => {
    const circuit = circuitWith({ probeAfterMs: 0 });
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'service');
    await fail(circuit, 'contract');
    expect(circuit.outage()).toMatchObject({ isBroken: false });
    expect(circuit.outage()?.patienceLeftMs).toBeGreaterThan(0);
    await fail(circuit, 'contract');
    expect(circuit.outage()).toMatchObject({ isBroken: true, patienceLeftMs: 0 });
  });
});

describe('an outage that only a person can end', () => {
  it('is waited for as long as something is under way, which may be answered after all', async () => {
    const circuit = circuitWith();
    const late = Promise.withResolvers<string>();
    const underWay = circuit.run(() => late.promise, {});
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    expect(circuit.outage()?.patienceLeftMs).toBeGreaterThan(0);
    late.resolve('answer');
    await underWay;
    expect(circuit.outage()).toBeUndefined();
  });

  it('is not waited for once nothing is', async () => {
    const circuit = circuitWith();
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    expect(circuit.outage()).toMatchObject({ patienceLeftMs: 0, lastFailure: { concern: 'contract' } });
  });

  it('is asked after three times at once by new work', async () => {
    const circuit = circuitWith();
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    circuit.renewPatience();
    for (let probe = 0; probe < 3; probe++) {
      expect(circuit.outage()?.patienceLeftMs).toBeGreaterThan(0);
      expect(await fail(circuit, 'contract')).toBeInstanceOf(EndpointError);
    }
    expect(circuit.outage()?.patienceLeftMs).toBe(0);
    expect(await fail(circuit, 'contract')).toBeInstanceOf(CircuitOpenError);
  });
});
