import { explainCommandLine } from '../../../../scripts/explain/arguments.ts';
import { readArguments } from '../../../../scripts/shared/arguments.ts';

const RUN = '20240131T101502Z-3f9a1c2e';
const explain = (...args: string[]) => readArguments(explainCommandLine, args);

describe('the arguments of explain', () => {
  it('are a file and a member', () => {
    expect(explain('members.csv', 'M1')).toEqual({
      path: 'members.csv',
      partner: 'default',
      memberId: 'M1',
      asOf: undefined,
      json: false,
    });
  });

  it('are a run and a member, when the first looks like a run', () => {
    expect(explain(RUN, 'M1', '--bucket', 'b', '--json')).toEqual({
      runId: RUN,
      memberId: 'M1',
      bucket: 'b',
      json: true,
    });
    expect(explain(`${RUN}.csv`, 'M1')).toMatchObject({ path: `${RUN}.csv` });
  });

  it('take a member id as cells are read: without the blanks around it, with a dash after --', () => {
    expect(explain('a.csv', ' M 1 ')).toMatchObject({ memberId: 'M 1' });
    expect(explain('a.csv', '--', '-17')).toMatchObject({ memberId: '-17' });
  });

  it.each([
    ['nothing', [], 'which file or run, and which member? npm run explain -- FILE.csv|RUN_ID MEMBER_ID'],
    ['no member', ['a.csv'], 'which file or run, and which member?'],
    ['a blank member', ['a.csv', ' '], 'which file or run, and which member?'],
    ['a second member', ['a.csv', 'A', 'B'], 'one member at a time, please: what is "B"?'],
    ['a day for a run', [RUN, 'A', '--as-of', '2024-01-31'], '--as-of is for files'],
    ['a partner for a run', [RUN, 'A', '--partner', 'acme'], '--partner is for files'],
    ['a bucket for a file', ['a.csv', 'A', '--bucket', 'b'], '--bucket is for runs'],
    ['a day that does not exist', ['a.csv', 'A', '--as-of', '2023-02-29'], 'not "2023-02-29"'],
    ['an empty bucket', [RUN, 'A', '--bucket', ''], '--bucket must name a bucket'],
    ['a value for --json', ['a.csv', 'A', '--json=yes'], "Option '--json' does not take an argument"],
  ])('refuse %s in one line', (_, args, message) => {
    expect(() => explain(...args)).toThrow(message);
    expect(() => explain(...args)).toThrow(/^[^\n]+\(--help says more\)$/);
  });
});
