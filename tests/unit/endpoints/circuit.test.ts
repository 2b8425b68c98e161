import { type Caller, Circuit, CircuitOpenError } from '../../../lib/endpoints/circuit.ts';
import { type Concern, EndpointError } from '../../../lib/endpoints/errors.ts';
import { DEFAULT_RESILIENCE, type Resilience } from '../../../lib/endpoints/resilience.ts';

const NO_PROBE: Partial<Resilience> = { outageAfter: 4, breachAfter: 2, probeAfterMs: 600_000, maxOutageMs: 600_000 };

function circuitWith(resilience: Partial<Resilience> = {}): Circuit {
  return new Circuit({ ...DEFAULT_RESILIENCE, ...NO_PROBE, ...resilience });
}

/** With a clock of its own; every test that has one must expect nothing of timers. */
function circuitAt(clock: () => number, resilience: Partial<Resilience> = {}): Circuit {
  return new Circuit({ ...DEFAULT_RESILIENCE, ...NO_PROBE, ...resilience }, clock);
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

  it('takes no unusable answer to one that is refused alone for a breach of the contract', async () => {
    const circuit = circuitWith();
    const refused: Caller = {};
    await fail(circuit, 'contract', refused);
    await pass(circuit);
    await fail(circuit, 'contract', refused);
    await fail(circuit, 'contract');
    // Two that count would be.
    await expect(circuit.run(async (isProbe) => isProbe, {})).resolves.toBe(false);
  });

  it('counts no error of the program', async () => {
    const circuit = circuitWith();
    const bug = async () => {
      throw new TypeError('a bug');
    };
    for (let time = 0; time < 5; time++) await expect(circuit.run(bug, {})).rejects.toThrow('a bug');
    expect(circuit.isOpen).toBe(false);
  });

  it('lets one probe through at a time, also when what was sent before it ends meanwhile', async () => {
    const circuit = circuitWith();
    await pass(circuit);
    const late = Promise.withResolvers<string>();
    const underWay = circuit.run(() => late.promise, {}).catch(() => undefined);
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'service');
    const probed = Promise.withResolvers<string>();
    const probe = circuit.run(() => probed.promise, {});
    late.reject(new EndpointError('no', { concern: 'service', isTransient: true }));
    await underWay;
    expect(await fail(circuit, 'service')).toBeInstanceOf(CircuitOpenError);
    probed.resolve('answer');
    await probe;
  });

  it('lets the next probe through after so long, not earlier', async () => {
    let at = 0;
    const circuit = circuitAt(() => at, { outageAfter: 1, probeAfterMs: 2_000 });
    await fail(circuit, 'service');
    at = 1_999;
    expect(await fail(circuit, 'service')).toBeInstanceOf(CircuitOpenError);
    at = 2_000;
    expect(await fail(circuit, 'service')).toBeInstanceOf(EndpointError);
    at = 3_999;
    expect(await fail(circuit, 'service')).toBeInstanceOf(CircuitOpenError);
    at = 4_000;
    expect(await fail(circuit, 'service')).toBeInstanceOf(EndpointError);
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
    expect(circuit.outage()?.waitLeftMs).toBeGreaterThan(0);
    await fail(circuit, 'contract');
    expect(circuit.outage()).toMatchObject({ isBroken: true, waitLeftMs: 0 });
  });
});

describe('who waits for an endpoint', () => {
  /** An endpoint that is down, a call that was sent before, one that waits, and what the waiting one has come to. */
  async function waiting(concern: Concern) {
    const circuit = circuitWith({ probeAfterMs: 0 });
    const late = Promise.withResolvers<string>();
    const other = Promise.withResolvers<string>();
    const underWay = [late, other].map(({ promise }) => circuit.run(() => promise, {}).catch(() => undefined));
    for (let failure = 0; failure < 4; failure++) await fail(circuit, concern);
    // The timer that lets a probe through tells those who wait, too, so it must be over.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const probed = Promise.withResolvers<string>();
    const probe = circuit.run(() => probed.promise, {}).catch(() => undefined);
    const closed = await fail(circuit, concern);
    if (!(closed instanceof CircuitOpenError)) throw new Error('it was let through');
    const told = { isTold: false };
    const change = circuit.change(closed, 600_000).then(() => {
      told.isTold = true;
    });
    const no = new EndpointError('no', { concern, isTransient: true });
    return { circuit, late, other, underWay, probed, probe, change, told, no };
  }

  it('is told when the probe has failed, whatever else is under way', async () => {
    const { late, other, underWay, probed, probe, change, told, no } = await waiting('service');
    late.reject(no);
    await underWay[0];
    await settle();
    expect(told.isTold).toBe(false);
    probed.reject(no);
    await Promise.all([probe, change]);
    other.resolve('answer');
    await underWay[1];
  });

  it('is told when nothing is under way any more that might be answered', async () => {
    const circuit = circuitWith();
    const late = Promise.withResolvers<string>();
    const underWay = circuit.run(() => late.promise, {}).catch(() => undefined);
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    const closed = await fail(circuit, 'contract');
    if (!(closed instanceof CircuitOpenError)) throw new Error('it was let through');
    const change = circuit.change(closed, 600_000);
    late.reject(new EndpointError('no', { concern: 'contract', isTransient: true }));
    await Promise.all([underWay, change]);
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 0 });
  });

  it('is told of nothing new before so many milliseconds are over, and goes on then', async () => {
    const circuit = circuitWith();
    for (let failure = 0; failure < 4; failure++) await fail(circuit, 'service');
    const closed = await fail(circuit, 'service');
    if (!(closed instanceof CircuitOpenError)) throw new Error('it was let through');
    await circuit.change(closed, 1);
    expect(circuit.isOpen).toBe(true);
  });
});

describe('the wait for an endpoint that is down', () => {
  const TIMES = { outageAfter: 1, timeoutMs: 5_000, probeAfterMs: 2_000, maxOutageMs: 10_000 };

  it('is so long from the beginning of the outage, which lasts', async () => {
    let at = 1_000;
    const circuit = circuitAt(() => at, TIMES);
    await fail(circuit, 'service');
    expect(circuit.outage()).toMatchObject({ downForMs: 0, waitLeftMs: 10_000 });
    at = 5_000;
    await fail(circuit, 'service');
    expect(circuit.outage()).toMatchObject({ downForMs: 4_000, waitLeftMs: 6_000 });
    at = 11_000;
    expect(circuit.outage()).toMatchObject({ downForMs: 10_000, waitLeftMs: 0 });
  });

  it('begins again when nobody has asked for longer than two probes and their answers take', async () => {
    let at = 0;
    const circuit = circuitAt(() => at, TIMES);
    await fail(circuit, 'service');
    at = 10_000;
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 0 });
    at += 14_000; // 2 · (2,000 + 5,000), which is more than the longest outage
    expect(circuit.outage()).toMatchObject({ downForMs: 24_000, waitLeftMs: 0 });
    at += 14_001;
    expect(circuit.outage()).toMatchObject({ downForMs: 0, waitLeftMs: 10_000 });
  });

  it('begins again when nobody has asked for longer than it is, where it is longer', async () => {
    let at = 0;
    const circuit = circuitAt(() => at, { ...TIMES, maxOutageMs: 20_000 });
    await fail(circuit, 'service');
    at = 20_000;
    expect(circuit.outage()).toMatchObject({ downForMs: 20_000, waitLeftMs: 0 });
    at += 20_001;
    expect(circuit.outage()).toMatchObject({ downForMs: 0, waitLeftMs: 20_000 });
  });

  it.each([
    [10_000, 6_000],
    [3_000, 3_000],
  ])('of %i ms is renewed for three probes of 2 s by new work, %i ms', async (maxOutageMs, renewedMs) => {
    let at = 0;
    const circuit = circuitAt(() => at, { ...TIMES, maxOutageMs });
    await fail(circuit, 'service');
    at = maxOutageMs;
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 0 });
    circuit.renewWait();
    expect(circuit.outage()).toMatchObject({ waitLeftMs: renewedMs, downForMs: maxOutageMs });
    at += renewedMs - 1;
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 1 });
    at += 1;
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 0 });
  });

  it('is not renewed where there is no outage', () => {
    const circuit = circuitWith();
    circuit.renewWait();
    expect(circuit.outage()).toBeUndefined();
  });
});

describe('an outage that only a person can end', () => {
  it('is waited for as long as something is under way, which may be answered after all', async () => {
    const circuit = circuitWith();
    const late = Promise.withResolvers<string>();
    const underWay = circuit.run(() => late.promise, {});
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    expect(circuit.outage()?.waitLeftMs).toBeGreaterThan(0);
    late.resolve('answer');
    await underWay;
    expect(circuit.outage()).toBeUndefined();
  });

  it('is not waited for once nothing is', async () => {
    const circuit = circuitWith();
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    expect(circuit.outage()).toMatchObject({ waitLeftMs: 0, lastFailure: { concern: 'contract' } });
  });

  it('is asked after three times at once by new work', async () => {
    const circuit = circuitWith();
    for (let failure = 0; failure < 2; failure++) await fail(circuit, 'contract');
    circuit.renewWait();
    for (let probe = 0; probe < 3; probe++) {
      expect(circuit.outage()?.waitLeftMs).toBeGreaterThan(0);
      expect(await fail(circuit, 'contract')).toBeInstanceOf(EndpointError);
    }
    expect(circuit.outage()?.waitLeftMs).toBe(0);
    expect(await fail(circuit, 'contract')).toBeInstanceOf(CircuitOpenError);
  });
});
