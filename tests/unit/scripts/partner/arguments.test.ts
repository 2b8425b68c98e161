import { partnerCommandLine } from '../../../../scripts/partner/arguments.ts';
import { readArguments } from '../../../../scripts/shared/arguments.ts';

const partner = (...args: string[]) => readArguments(partnerCommandLine, args);

describe('the arguments of partner', () => {
  it('say what to do, and of whom', () => {
    expect(partner('check')).toEqual({ action: 'check', name: undefined });
    expect(partner('check', 'acme')).toEqual({ action: 'check', name: 'acme' });
    expect(partner('check', 'acme', '--file', 'a.csv', '--as-of', '2024-01-31')).toEqual({
      action: 'try',
      name: 'acme',
      file: 'a.csv',
      asOf: '2024-01-31',
      call: false,
    });
    expect(partner('check', 'acme', '--file', 'a.csv', '--call')).toMatchObject({ action: 'try', call: true });
    expect(partner('new', 'acme', '--from', 'a.csv')).toEqual({
      action: 'new',
      name: 'acme',
      from: 'a.csv',
      member: undefined,
    });
    expect(partner('new', 'acme', '--from', 'a.csv', '--member', 'Nº')).toMatchObject({ action: 'new', member: 'Nº' });
    expect(partner('schema')).toEqual({ action: 'schema' });
  });

  it.each([
    ['nothing', [], 'what is to be done?'],
    ['another thing', ['chekc'], 'what is to be done?'],
    ['a file of nobody', ['check', '--file', 'a.csv'], '--file goes with the name of a partner'],
    ['calls for nobody', ['check', 'acme', '--call'], '--call goes with --file'],
    ['a new one from nothing', ['new', 'acme'], 'npm run partner -- new NAME --from FILE.csv'],
    ['a name with a slash', ['check', 'a/b'], 'must be a name without slashes'],
  ])('refuse %s in one line', (_, args, message) => {
    expect(() => partner(...args)).toThrow(message);
    expect(() => partner(...args)).toThrow(/^[^\n]+\(--help says more\)$/);
  });
});
