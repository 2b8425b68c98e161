import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { demoCommandLine, dropCommandLine } from '../../../scripts/drop/arguments.ts';
import { sampleCommandLine } from '../../../scripts/sample/arguments.ts';
import { bareCommandLine, readArguments } from '../../../scripts/shared/arguments.ts';

const drop = (...args: string[]) => readArguments(dropCommandLine, args);
const demo = (...args: string[]) => readArguments(demoCommandLine, args);
const sample = (...args: string[]) => readArguments(sampleCommandLine, args);

describe('the arguments of drop', () => {
  it('need only a file', () => {
    expect(drop('members.csv')).toEqual({
      path: 'members.csv',
      partner: 'default',
      asOf: undefined,
      out: undefined,
      timeoutSeconds: 900,
      json: false,
      bucket: undefined,
    });
  });

  it('may come in any order', () => {
    const args = [
      '--partner',
      'acme air',
      '--as-of=2024-02-29',
      'm.csv',
      '--out',
      'here',
      '--timeout',
      '5',
      '--json',
      '--bucket',
      'b',
    ];
    expect(drop(...args)).toEqual({
      path: 'm.csv',
      partner: 'acme air',
      asOf: '2024-02-29',
      out: 'here',
      timeoutSeconds: 5,
      json: true,
      bucket: 'b',
    });
  });

  it.each([
    ['no file', [], 'which file? npm run drop -- FILE.csv'],
    ['a second file', ['a.csv', 'b.csv'], 'one file at a time, please: what is "b.csv"?'],
    ['an unknown option', ['a.csv', '--partners', 'x'], "Unknown option '--partners'"],
    ['a flag with a value', ['a.csv', '--json=yes'], "Option '--json' does not take an argument"],
    ['an option without its value', ['a.csv', '--out'], "Option '--out <value>' argument missing"],
    ['a day that does not exist', ['a.csv', '--as-of', '2023-02-29'], 'a day such as 2024-01-31, not "2023-02-29"'],
    ['a day that is written another way', ['a.csv', '--as-of', '31.01.2024'], 'not "31.01.2024"'],
    ['a partner with a slash', ['a.csv', '--partner', 'a/b'], '--partner must be a name without slashes, not "a/b"'],
    ['an empty partner', ['a.csv', '--partner', ''], '--partner must be a name without slashes, not ""'],
    ['a partner that is a way out of a directory', ['a.csv', '--partner', '..'], '--partner must be a name'],
    ['no time at all to wait', ['a.csv', '--timeout', '0'], '--timeout must be a whole number, 1 or more'],
    ['a time to wait in words', ['a.csv', '--timeout', 'long'], '--timeout must be a whole number, 1 or more'],
    ['an empty bucket', ['a.csv', '--bucket', ''], '--bucket must name a bucket'],
  ])('refuse %s in one line', (_, args, message) => {
    expect(() => drop(...args)).toThrow(message);
    expect(() => drop(...args)).toThrow(/^[^\n]+\(--help says more\)$/);
  });

  it('are forgotten when help is asked for', () => {
    const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(drop('a.csv', '--help')).toBeUndefined();
    expect(print).toHaveBeenCalledWith(expect.stringContaining('Usage: npm run drop'));
    print.mockRestore();
  });
});

describe('the arguments of demo', () => {
  it('stand for the sample on the day it was made for', () => {
    expect(demo()).toMatchObject({ path: 'events/sample.csv', asOf: '2024-01-31', partner: 'default' });
  });

  it('may ask for JSON', () => {
    expect(demo('--json')).toMatchObject({ path: 'events/sample.csv', json: true });
    expect(demo()).toMatchObject({ json: false });
  });

  it('can put the sample on another day', () => {
    expect(demo('--as-of', '2024-06-30')).toMatchObject({ path: 'events/sample.csv', asOf: '2024-06-30' });
  });

  it('leave a file of one’s own on the day of the upload', () => {
    expect(demo('mine.csv')).toMatchObject({ path: 'mine.csv', asOf: undefined });
  });

  it('refuse a bucket, for a demo has its own', () => {
    expect(() => demo('--bucket', 'b')).toThrow("Unknown option '--bucket'");
  });
});

describe('the arguments of sample', () => {
  it('stand for the file that the project ships', () => {
    expect(sample()).toEqual({ partner: 'default', members: 300, seed: 1, asOf: '2024-01-31', out: 'out/sample.csv' });
  });

  it.each([
    ['no members', ['--members', '0'], '--members must be a whole number, 1 or more'],
    ['a fraction of a member', ['--members', '1.5'], '--members must be a whole number, 1 or more'],
    ['more members than can be counted', ['--members', '9007199254740993'], '--members must be a whole number'],
    ['a seed in words', ['--seed', 'x'], '--seed must be a whole number, 0 or more'],
    ['a file without --out', ['file.csv'], 'the file to write goes after --out'],
  ])('refuse %s', (_, args, message) => {
    expect(() => sample(...args)).toThrow(message);
  });
});

describe('a command that takes nothing', () => {
  const bare = bareCommandLine('Usage: npm run it');

  it('takes nothing', () => {
    expect(readArguments(bare, [])).toEqual({ file: undefined });
    expect(() => readArguments(bare, ['m.csv'])).toThrow('this takes no file (--help says more)');
    expect(() => readArguments(bare, ['--fix'])).toThrow("Unknown option '--fix' (--help says more)");
  });

  it('tells how it is used, and of which version it is, and does nothing', () => {
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(readArguments(bare, ['--help'])).toBeUndefined();
    expect(readArguments(bare, ['--version'])).toBeUndefined();
    expect(printed.mock.calls.flat()).toEqual([
      expect.stringMatching(/^Usage: npm run it\n\n {2}--help /),
      expect.stringMatching(/^member-offers \d+\.\d+\.\d+$/),
    ]);
    printed.mockRestore();
  });
});

describe('the commands of package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

  it.each(Object.keys(scripts))('%s is ended by what ends npm: no shell stands between them', (name) => {
    // The last of several: the others end by themselves.
    expect(scripts[name].split(' && ').at(-1)).toMatch(/^exec /);
  });

  it.each(
    Object.entries<string>(scripts).flatMap(([name, command]) => {
      const [path] = /scripts\/[a-z]+\.ts(?! --)/.exec(command) ?? [];
      return path === undefined ? [] : [[name, path]];
    }),
  )('%s reads its arguments, --help among them', (_, path) => {
    expect(readFileSync(path, 'utf8')).toContain('= readArguments(');
  });
});
