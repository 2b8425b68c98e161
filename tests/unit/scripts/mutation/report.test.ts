import { type Judged, survivorText, tableOf } from '../../../../scripts/mutation/report.ts';
import type { MutantVerdict } from '../../../../scripts/mutation/verdicts.ts';

function judged(file: string, verdict: MutantVerdict, original = 'a > b'): Judged {
  return { id: '1', file, line: 7, original, replacement: 'a >= b', verdict };
}

describe('what is said of mutants', () => {
  it('is where a survivor is, and what it changes', () => {
    expect(survivorText(judged('lib/a.ts', 'survived'))).toBe('lib/a.ts:7 survived\n  - a > b\n  + a >= b');
  });

  it('is the beginning and the end of a long change', () => {
    const long = '{\n  one();\n  two();\n}';
    expect(survivorText(judged('lib/a.ts', 'not covered', long))).toBe('lib/a.ts:7 not covered\n  - { … }\n  + a >= b');
  });

  it('is how many of each file and of all were noticed', () => {
    const verdicts: MutantVerdict[] = ['killed', 'killed', 'timed out', 'survived'];
    const mutants = [...verdicts.map((verdict) => judged('lib/a/b.ts', verdict)), judged('lib/a/c.ts', 'not covered')];
    expect(tableOf(mutants, 'lib/a').split('\n')).toEqual([
      '      mutants  killed  timed out  survived  not covered  noticed',
      'b.ts        4       2          1         1            0   75.0 %',
      'c.ts        1       0          0         0            1    0.0 %',
      'all         5       2          1         1            1   60.0 %',
    ]);
  });
});
