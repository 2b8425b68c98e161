import { script } from './spawned.ts';

describe('npm run chaos', () => {
  it('breaks what it can, and finds nothing lost, doubled or hung', async () => {
    const { code, stdout } = await script('chaos', ['--runs', '3', '--members', '40'], {});
    expect(stdout).toMatch(/function died|event dropped|endpoint answered/);
    for (const name of ['runs hung', 'rows lost', 'members unasked', 'members lost', 'members doubled']) {
      expect(stdout).toMatch(new RegExp(`^${name} +0 +0$`, 'm'));
    }
    expect(stdout).toMatch(/^runs COMPLETE +\d+ +3$/m);
    expect(code).toBe(0);
  });
});
