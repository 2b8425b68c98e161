import { advisoriesIn } from '../../../../scripts/dependencies/advisories.ts';
import { type AuditPolicy, complaints } from '../../../../scripts/dependencies/audit-policy.ts';

/** As npm 11 prints it, but for what is not read. */
const REPORT = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    exceljs: { name: 'exceljs', severity: 'moderate', via: ['uuid'], effects: [], range: '>=3.5.0' },
    uuid: {
      name: 'uuid',
      severity: 'moderate',
      via: [
        {
          source: 1116970,
          name: 'uuid',
          dependency: 'uuid',
          title: 'Missing buffer bounds check',
          url: 'https://github.com/advisories/GHSA-w5hq-g745-h8pq',
          severity: 'moderate',
          range: '<11.1.1',
        },
      ],
      effects: ['exceljs'],
      range: '<11.1.1',
    },
  },
  metadata: { vulnerabilities: { moderate: 2, total: 2 } },
});

const exception = {
  id: 'GHSA-w5hq-g745-h8pq',
  package: 'uuid',
  reason: 'v4 alone is called',
  reviewOn: '2026-06-01',
};

function complaintsOf(policy: Partial<AuditPolicy>, today = '2026-05-31'): string[] {
  return complaints({ severity: 'moderate', exceptions: [], ...policy }, advisoriesIn(REPORT), today);
}

describe('the audit policy', () => {
  it('refuses an advisory that nobody has accepted, once, not for every package that depends on it', () => {
    expect(complaintsOf({})).toEqual([
      'GHSA-w5hq-g745-h8pq (moderate) in uuid <11.1.1: Missing buffer bounds check: update the package, or accept it in writing',
    ]);
  });

  it('lets milder ones pass than it names', () => {
    expect(complaintsOf({ severity: 'high' })).toEqual([]);
  });

  it('lets an accepted one pass until the day it is to be looked at again', () => {
    expect(complaintsOf({ exceptions: [exception] })).toEqual([]);
    expect(complaintsOf({ exceptions: [exception] }, '2026-06-01')).toEqual([
      'GHSA-w5hq-g745-h8pq (uuid) was to be looked at again on 2026-06-01: do so',
    ]);
  });

  it('accepts an advisory for the package that is named, not for another', () => {
    expect(complaintsOf({ exceptions: [{ ...exception, package: 'exceljs' }] })).toEqual([
      expect.stringContaining('in uuid <11.1.1'),
      'GHSA-w5hq-g745-h8pq (exceljs) is not found any more: delete its exception',
    ]);
  });

  it('wants exceptions gone that nothing needs', () => {
    expect(complaintsOf({ severity: 'high', exceptions: [exception] })).toEqual([
      'GHSA-w5hq-g745-h8pq (uuid) is not found any more: delete its exception',
    ]);
  });
});

describe('the report of npm audit', () => {
  it.each([
    ['an error', '{\n  "error": { "code": "ENOAUDIT", "summary": "endpoint returned an error" }\n}', 'ENOAUDIT'],
    ['nothing', '', 'it printed nothing'],
    ['no JSON', 'npm error', 'npm error'],
  ])('is not taken for a clean one when it is %s', (_, report, said) => {
    expect(() => advisoriesIn(report)).toThrow(said);
  });

  it('has no advisories when nothing is wrong', () => {
    expect(advisoriesIn('{"auditReportVersion":2,"vulnerabilities":{}}')).toEqual([]);
  });
});
