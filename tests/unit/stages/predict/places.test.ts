import { type Place, Places } from '../../../../lib/stages/predict/places.ts';

/** Something that a test ends when it likes. */
function step() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { done: promise, end: resolve };
}

/** Lets all that can go on go on. */
const settle = () => new Promise(setImmediate);

/** Ends after all rests of a millisecond that have begun: timers of the same length end in their order. */
async function rested(): Promise<void> {
  await settle();
  await new Promise((resolve) => setTimeout(resolve, 1));
  await settle();
}

describe('places', () => {
  it('are for so many members at a time, in their order', async () => {
    const begun: number[] = [];
    const steps = [step(), step(), step()];
    const all = new Places(2).map([0, 1, 2], async (member) => {
      begun.push(member);
      await steps[member]?.done;
      return member * 10;
    });
    await settle();
    expect(begun).toEqual([0, 1]);
    steps[1]?.end();
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    steps[2]?.end();
    steps[0]?.end();
    expect(await all).toEqual([0, 10, 20]);
  });

  it('are left by members that wait for another attempt', async () => {
    const begun: string[] = [];
    await new Places(1).map(['refused', 'fine', 'fine, too'], async (member, place) => {
      begun.push(member);
      await place.use(async () => {
        if (member === 'refused') await place.rest(1);
      });
      begun.push(`${member} ended`);
    });
    expect(begun.slice(0, 3)).toEqual(['refused', 'fine', 'fine ended']);
    expect(begun).toHaveLength(6);
  });

  it('are kept by a member as long as one of its two calls is under way', async () => {
    const answered = step();
    const begun: string[] = [];
    const places = new Places(1);
    const all = places.map(['slow', 'next'], async (member, place) => {
      begun.push(member);
      if (member === 'next') return;
      await Promise.all([place.use(async () => place.rest(await 1)), place.use(() => answered.done)]);
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun).toEqual(['slow']);
    answered.end();
    await all;
    expect(begun).toEqual(['slow', 'next']);
  });

  it('are left by a member when the other of its two calls ends first', async () => {
    const answered = step();
    const begun: string[] = [];
    const all = new Places(1).map(['slow', 'next'], async (member, place) => {
      begun.push(member);
      if (member === 'next') return;
      await Promise.all([place.use(() => answered.done), place.use(() => place.rest(100))]);
      begun.push('slow ended');
    });
    answered.end();
    await all;
    expect(begun).toEqual(['slow', 'next', 'slow ended']);
  });

  it('are waited for by members that come back, which go before those not yet in line', async () => {
    const steps = { busy: step(), next: step() };
    const log: string[] = [];
    const all = new Places(1).map(['refused', 'busy', 'next', 'last'], async (member, place) => {
      log.push(member);
      if (member === 'busy' || member === 'next') await steps[member].done;
      if (member !== 'refused') return;
      await place.use(async () => {
        await place.rest(1);
        log.push('refused again');
        await place.rest(1);
      });
      log.push('refused ended');
    });
    await rested();
    expect(log).toEqual(['refused', 'busy']);
    steps.busy.end();
    await settle();
    expect(log).toEqual(['refused', 'busy', 'next']);
    steps.next.end();
    await all;
    // And whoever waits once more makes way once more.
    expect(log).toEqual(['refused', 'busy', 'next', 'refused again', 'last', 'refused ended']);
  });

  it('are kept between two calls of a member, also when it has waited', async () => {
    const steps = { busy: step(), thinking: step() };
    const begun: string[] = [];
    const all = new Places(1).map(['refused', 'busy', 'next', 'last'], async (member, place) => {
      begun.push(member);
      if (member === 'busy') await steps.busy.done;
      if (member !== 'refused') return;
      await place.use(() => place.rest(1));
      begun.push('thinks');
      await steps.thinking.done;
    });
    await rested();
    steps.busy.end();
    await settle();
    expect(begun).toEqual(['refused', 'busy', 'next', 'thinks']);
    steps.thinking.end();
    await all;
    expect(begun.at(-1)).toBe('last');
  });

  it('are kept between two calls of a member that has not', async () => {
    const thinking = step();
    const begun: string[] = [];
    const all = new Places(1).map(['first', 'next'], async (member, place) => {
      begun.push(member);
      await place.use(async () => undefined);
      if (member === 'first') await thinking.done;
    });
    await settle();
    expect(begun).toEqual(['first']);
    thinking.end();
    await all;
    expect(begun).toEqual(['first', 'next']);
  });

  it('are not taken again for a member that nobody waits for any more', async () => {
    const begun: number[] = [];
    const places = new Places(1);
    let rested: Promise<void> | undefined;
    await places.map([0], async (member, place) => {
      begun.push(member);
      rested = place.use(() => place.rest(1));
    });
    await rested;
    await places.map([1, 2], async (member) => begun.push(member));
    expect(begun).toEqual([0, 1, 2]);
  });

  it('are given back when a member is through, though calls of it go on', async () => {
    const late = step();
    let place: Place | undefined;
    const [first, second] = await new Places(1).map(['abandoned', 'next'], async (member, its) => {
      if (member === 'abandoned') {
        place = its;
        its.use(() => late.done).catch(() => undefined);
      }
      return member;
    });
    expect([first, second]).toEqual(['abandoned', 'next']);
    late.end();
    await settle();
    expect(place).toBeDefined();
  });

  it('fail as a whole when something about a member fails unforeseen', async () => {
    const work = async (member: number) => {
      if (member === 1) throw new Error('a bug');
    };
    await expect(new Places(1).map([1, 2, 3], work)).rejects.toThrow('a bug');
  });
});
