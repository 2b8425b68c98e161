import { type Place, Places } from '../../../lib/members/places.ts';

/** Something that a test ends when it likes. */
function step() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { done: promise, end: resolve };
}

/** Lets all that can go on go on. */
const settle = () => new Promise(setImmediate);

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
