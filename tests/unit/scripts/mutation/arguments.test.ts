import { mutationCommandLine } from '../../../../scripts/mutation/arguments.ts';
import { readArguments } from '../../../../scripts/shared/arguments.ts';

const mutation = (...args: string[]) => readArguments(mutationCommandLine, args);

describe('the arguments of mutation', () => {
  it('need only a folder or a file of lib, whose unit tests are in the folder of the same name', () => {
    const tests = ['tests/unit/members'];
    expect(mutation('lib/members')).toEqual({ folder: 'lib/members', tests, processes: 1 });
    expect(mutation('lib/members/aggregates.ts')).toEqual({ folder: 'lib/members/aggregates.ts', tests, processes: 1 });
  });

  it('may name other tests, and how many mutants are tried at a time', () => {
    expect(mutation('lib/members', '--tests', 'tests/a,tests/b.test.ts', '--processes', '2')).toEqual({
      folder: 'lib/members',
      tests: ['tests/a', 'tests/b.test.ts'],
      processes: 2,
    });
  });

  it.each([
    [[], 'which folder of lib?'],
    [['scripts'], 'which folder of lib?'],
    [['lib/nowhere'], 'there is no lib/nowhere'],
    [['lib/members', '--processes', '0'], '--processes must be a whole number, 1 or more'],
  ])('%j are refused: %s', (args, message) => {
    expect(() => mutation(...args)).toThrow(message);
  });
});
